package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.identity.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who generates stubs with Python's grpcio-tools can do all that a client of ours can, through
 * Envoy, and gets every error of the public table. The scenario is a script in Python.
 */
@Tag("edge")
@ExtendWith(World.Shared.class)
class StubsInPythonTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where {@code ./presence} puts it. */
  private static final String FETCHED = ".presence/python-1.85.1/bin/python";

  /** A row of a table of errors: the reason and its status. */
  private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\| `([A-Z_]+)` \\|.*");

  private static final Pattern CHECKED = Pattern.compile("error ([A-Z_]+) ([A-Z_]+): .+");
  private static final Pattern LEFT_OUT = Pattern.compile("left out ([A-Z_]+): .+");

  private final World world;
  private final Path root = Path.of(System.getProperty("presence.root"));

  StubsInPythonTest(World world) {
    this.world = world;
  }

  @Test
  void shouldDoAllThatClientsCanAndGetEveryErrorOfTheTable()
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(world.directory(), "python", ".log");
    String lines = run(said);
    Map<String, String> documented = new TreeMap<>();
    String errors = Files.readString(root.resolve("docs/protocol.md")).split("\n## ", -1)[1];
    assertThat(errors).startsWith("Errors\n");
    errors.lines().map(ROW::matcher).filter(Matcher::matches).forEach(row -> put(documented, row));
    Map<String, String> checked = new TreeMap<>();
    lines
        .lines()
        .map(CHECKED::matcher)
        .filter(Matcher::matches)
        .forEach(line -> put(checked, line));
    Set<String> known = new HashSet<>(checked.keySet());
    lines
        .lines()
        .map(LEFT_OUT::matcher)
        .filter(Matcher::matches)
        .forEach(line -> known.add(line.group(1)));
    assertThat(documented).as("each with the status of the table").containsAllEntriesOf(checked);
    assertThat(known)
        .as("the errors of docs/protocol.md that stubs.py checks, or leaves out and says why")
        .isEqualTo(documented.keySet());
  }

  /** A reason may come again, of another call or in another table; its status stays. */
  private static void put(Map<String, String> statuses, Matcher found) {
    String before = statuses.put(found.group(1), found.group(2));
    assertThat(before).as(found.group(1)).isIn(null, found.group(2));
  }

  /** Plays the scenario, and returns what it printed. */
  private String run(Path said) throws IOException, InterruptedException {
    Tokens tokens = world.fleet().tokens();
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    Process process =
        new ProcessBuilder(
                python().toString(),
                root.resolve("presence-lab/src/test/python/stubs.py").toString(),
                "--edge=" + world.fleet().edge().address(),
                "--protos=" + root.resolve("proto/src/main/protobuf"),
                "--imports=" + root.resolve("proto/target/imports"),
                "--token=" + tokens.user(alice),
                "--friend=" + tokens.user(bob),
                "--service=" + tokens.service("stubs", "presence.read.any"),
                "--expired=" + tokens.sign(alice, Tokens.AUDIENCE, "", Duration.ofMinutes(-5)),
                "--wrong-audience=" + tokens.sign(alice, "else", "", Duration.ofHours(1)))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String lines = Files.readString(said);
    assertThat(ended).as("ended within %s; said:\n%s", PATIENCE, lines).isTrue();
    assertThat(process.exitValue()).as(lines).isZero();
    return lines;
  }

  private Path python() {
    String named = System.getenv().getOrDefault("PRESENCE_PYTHON", "");
    Path python = named.isEmpty() ? root.resolve(FETCHED) : Path.of(named);
    assertThat(python)
        .as("a Python with grpcio-tools; ./presence test fetches it, or set PRESENCE_PYTHON")
        .isExecutable();
    return python;
  }
}
