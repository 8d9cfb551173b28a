package dev.presence.client.cli;

import static dev.presence.client.Words.changes;
import static dev.presence.client.Words.in;
import static dev.presence.client.Words.offline;
import static dev.presence.client.Words.online;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.client.ScriptedPresence;
import dev.presence.v1.PresenceState;
import io.grpc.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, as one runs it, against a server that does as the test says. */
class CommandLineTest {
  private final ScriptedPresence presence = new ScriptedPresence();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Server server;
  private String address;
  @TempDir private Path directory;

  @BeforeEach
  void start() throws IOException {
    server = presence.start(0);
    address = "127.0.0.1:" + server.getPort();
    presence.contact("bob", "Bob", online("bob"));
    presence.contact("carol", "Carol", in("carol", PresenceState.PRESENCE_STATE_BUSY));
    presence.contact("dave", "Dave", offline("dave", 1_790_000_000));
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private void devDirectory(String servers) throws IOException {
    Files.writeString(directory.resolve("dev.properties"), "servers=" + servers + "\n", UTF_8);
    Files.createDirectories(directory.resolve("tokens"));
    Files.writeString(directory.resolve("tokens/alice.jwt"), "alices-token\n", UTF_8);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void shouldPrintALineForEachEvent() {
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () ->
                run(
                    "connect",
                    "alice",
                    "--servers",
                    address,
                    "--token",
                    "t",
                    "--plain",
                    "--for",
                    "3"));
    await().until(() -> lines().size() >= 4);
    presence.last().say(changes(offline("bob", 1_790_000_100)));

    assertThat(status.join()).isZero();
    assertThat(lines())
        .containsExactly(
            "hello node=node-1 session=s1 resumed=false",
            "state LIVE",
            "snapshot bob=ONLINE carol=BUSY",
            "dave OFFLINE last_seen=2026-09-21T14:13:20Z",
            "bob OFFLINE last_seen=2026-09-21T14:15:00Z",
            "state OFFLINE SIGNED_OUT");
    assertThat(err.toString()).isEmpty();
    assertThat(presence.last().received).last().matches(message -> message.hasSignOut());
  }

  @Test
  void shouldFindServersAndTokensWhereTheLauncherPutThem() throws IOException {
    devDirectory("127.0.0.1:1, " + address);

    int status =
        run(
            "connect",
            "alice",
            "--server",
            "2",
            "--for",
            "1",
            "--plain",
            "--dev-dir",
            directory.toString());

    assertThat(status).isZero();
    assertThat(presence.last().token).isEqualTo("alices-token");
  }

  @Test
  void shouldPrintATable() throws IOException {
    devDirectory(address);

    int status =
        run("get", "bob", "dave", "nobody", "--as", "alice", "--dev-dir", directory.toString());

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(lines().get(0)).isEqualTo("user    state    last seen");
    assertThat(lines().get(1)).isEqualTo("bob     ONLINE   -");
    assertThat(lines().get(2)).startsWith("dave    OFFLINE  2026-09-21T14:13:20Z (");
    assertThat(lines().get(3)).isEqualTo("nobody  -        no such user");
  }

  private void assertOneLine(int status, int expected, String words) {
    assertThat(status).isEqualTo(expected);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("presence: ").contains(words).doesNotContain("\tat ");
  }

  @Test
  void shouldSayThatNothingIsRunning() {
    assertOneLine(
        run("connect", "alice", "--plain", "--dev-dir", directory.toString()),
        1,
        "run ./presence up, or give --servers");
  }

  @Test
  void shouldSayThatThereIsNoToken() throws IOException {
    devDirectory(address);

    assertOneLine(
        run("connect", "zoe", "--plain", "--dev-dir", directory.toString()), 1, "no token for zoe");
  }

  @Test
  void shouldSayThatTheTokenWasRefused() {
    presence.refused = "bad";

    assertOneLine(
        run("connect", "alice", "--plain", "--servers", address, "--token", "bad"),
        1,
        "the token was refused: UNAUTHENTICATED TOKEN_EXPIRED");
  }

  @Test
  void shouldSayThatNoServerAnswers() {
    assertOneLine(
        run(
            "connect",
            "alice",
            "--plain",
            "--servers",
            "127.0.0.1:1",
            "--token",
            "t",
            "--for",
            "2"),
        1,
        "no server answered at 127.0.0.1:1");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldSayThatGetFoundNoServer() {
    assertOneLine(run("get", "bob", "--servers", "127.0.0.1:1", "--token", "t"), 1, "UNAVAILABLE");
  }

  @Test
  void shouldSayWhatIsWrongWithAnOption() {
    assertOneLine(
        run("connect", "alice", "--plain", "--servers", "nonsense", "--token", "t"),
        1,
        "a server must be host:port, found 'nonsense'");
  }

  @Test
  void shouldSayWhatIsWrongWithTheServersNumber() {
    assertOneLine(
        run("connect", "alice", "--plain", "--servers", address, "--server", "2", "--token", "t"),
        1,
        "--server must be from 1 to 1");
  }

  @Test
  void shouldTellMisuseFromFailure() {
    assertOneLine(run("connect"), 2, "USER");
  }

  @Test
  void shouldTellMisuseOfAnUnknownOption() {
    assertOneLine(run("get", "bob", "--no-such-option"), 2, "--no-such-option");
  }

  @Test
  void shouldAskWhichCommand() {
    assertOneLine(run(), 2, "which command");
  }

  @Test
  void shouldDocumentThePlainFormat() {
    assertThat(run("connect", "--help")).isZero();

    assertThat(out.toString())
        .contains("hello node=NODE session=ID resumed=BOOL")
        .contains("USER OFFLINE last_seen=TIME")
        .contains("--server");
  }
}
