package dev.presence.client.cli;

import static dev.presence.client.Words.changes;
import static dev.presence.client.Words.offline;
import static dev.presence.client.Words.online;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.client.PresenceChannels;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceSession;
import dev.presence.client.ScriptedPresence;
import dev.presence.client.Words;
import dev.presence.v1.Activity;
import dev.presence.v1.Availability;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.UpdateStatus;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The screen on a terminal whose keyboard and glass are this test's. */
class LiveScreenTest {
  private static final String SHOW_CURSOR = "\u001b[?25h";

  private final ScriptedPresence presence = new ScriptedPresence();
  private final ScheduledExecutorService printer = Executors.newSingleThreadScheduledExecutor();
  private final ByteArrayOutputStream glass = new ByteArrayOutputStream();
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private Server server;
  private ManagedChannel channel;
  private Terminal terminal;
  private LiveScreen screen;
  private Watch watch;
  private PresenceSession session;

  @BeforeEach
  void start() throws IOException {
    presence.contact("bob", "Bob Builder", online("bob"));
    presence.contact("dave", "Dave", offline("dave", Words.SERVER_TIME_SECONDS - 300));
    server = presence.start(0);
    channel = PresenceChannels.forServers(List.of("127.0.0.1:" + server.getPort()), true);
    terminal =
        TerminalBuilder.builder()
            .system(false)
            .streams(new PipedInputStream(keyboard), glass)
            .type("xterm")
            .encoding(UTF_8)
            .size(Size.of(80, 24))
            .build();
    PresenceClient client =
        PresenceClient.builder(channel).tokens(() -> "t").callbackExecutor(printer).build();
    screen = new LiveScreen(terminal, printer, client, "alice");
    watch = new Watch(screen);
    screen.enter();
    session = client.connect(watch);
    screen.attach(session);
  }

  @AfterEach
  void stop() throws IOException {
    screen.leave();
    channel.shutdownNow();
    server.shutdownNow();
    printer.shutdownNow();
    terminal.close();
  }

  private String shown() {
    return glass.toString(UTF_8);
  }

  private boolean received(UpdateStatus update) {
    return presence.connections.stream()
        .flatMap(connection -> connection.received.stream())
        .filter(ClientMessage::hasUpdateStatus)
        .map(
            message ->
                message.getUpdateStatus().toBuilder()
                    .clearAvailabilityAge()
                    .clearSentTime()
                    .build())
        .anyMatch(update::equals);
  }

  @Test
  void shouldShowFriendsByNameAndFollowThem() {
    await()
        .until(() -> shown().contains("Bob Builder") && shown().contains("was online 5 min ago"));
    int before = shown().length();

    presence.last().say(changes(offline("bob", Words.SERVER_TIME_SECONDS)));

    await().until(() -> shown().substring(before).contains("was online just now"));
  }

  @Test
  void shouldObeyTheKeys() throws IOException {
    CompletableFuture<Void> keys =
        CompletableFuture.runAsync(() -> screen.readKeys(watch, Long.MAX_VALUE));
    await().until(() -> session.state().isConnected());

    keyboard.write("bw".getBytes(UTF_8));
    keyboard.flush();
    await()
        .until(
            () ->
                received(
                        UpdateStatus.newBuilder()
                            .setAvailability(Availability.AVAILABILITY_BUSY)
                            .build())
                    && received(
                        UpdateStatus.newBuilder().setActivity(Activity.ACTIVITY_AWAY).build()));
    keyboard.write("q".getBytes(UTF_8));
    keyboard.flush();

    await().until(keys::isDone);
  }

  @Test
  void shouldGiveTheTerminalBack() {
    screen.leave();
    screen.leave();

    await().until(() -> shown().contains(SHOW_CURSOR));
    assertThat(shown()).containsOnlyOnce(SHOW_CURSOR);
  }

  @Test
  void shouldGoOnWithoutAKeyboardUntilTheSessionEnds() throws IOException {
    keyboard.close();
    CompletableFuture<Void> keys =
        CompletableFuture.runAsync(() -> screen.readKeys(watch, Long.MAX_VALUE));
    await().until(() -> session.state().isConnected());

    assertThat(keys).isNotDone();
    assertThat(session.signOut().join()).isTrue();
    await().until(keys::isDone);
  }
}
