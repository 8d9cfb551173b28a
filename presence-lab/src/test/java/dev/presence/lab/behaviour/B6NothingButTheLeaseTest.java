package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage.KindCase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Redis itself tells what it is asked, by MONITOR. Left out are PING and INFO, and what the lease
 * costs: the renewal script with the commands that it runs, and the reading of the own head that
 * goes with it. Nothing else may be left while 1,000 heartbeats and 1,000 questions are answered. A
 * connect at the end shows that the monitor would have seen it.
 */
@Tag("B6")
class B6NothingButTheLeaseTest {

  private static final int TIMES = 1_000;
  private static final Duration QUIET = Duration.ofSeconds(3);

  @Test
  void shouldCostRedisNothingToHeartbeatAndToAsk() throws IOException {
    try (World world = new World()) {
      String watcher = world.friendOf();
      String online = world.friendOf(watcher);
      String offline = world.friendOf(watcher);
      Stub.Stream stream =
          new Stub.Stream(world.channel(0), world.fleet().tokens().user(online)).send(Stub.open());
      stream.await(KindCase.HELLO);
      var questions =
          PresenceServiceGrpc.newBlockingStub(
              Stub.with(world.channel(1), world.fleet().tokens().user(watcher)));

      try (Monitor monitor = new Monitor(world.fleet().redis().port())) {
        monitor.awaitQuiet();
        for (int i = 1; i <= TIMES; i++) {
          stream.send(
              ClientMessage.newBuilder()
                  .setHeartbeat(Heartbeat.newBuilder().setSequence(i))
                  .build());
          String user = i % 2 == 0 ? online : offline;
          PresenceState state =
              questions
                  .getPresence(GetPresenceRequest.newBuilder().setUserId(user).build())
                  .getPresence()
                  .getState();
          assertThat(state)
              .isEqualTo(
                  i % 2 == 0
                      ? PresenceState.PRESENCE_STATE_ONLINE
                      : PresenceState.PRESENCE_STATE_OFFLINE);
        }
        // One answer may stand for several heartbeats; the last one stands for all.
        long answered = 0;
        while (answered < TIMES) {
          answered = stream.await(KindCase.HEARTBEAT_ACK).getHeartbeatAck().getSequence();
        }
        assertThat(monitor.commands()).isEmpty();
        assertThat(monitor.renewals()).isPositive();

        new Stub.Stream(world.channel(0), world.fleet().tokens().user(watcher))
            .send(Stub.open())
            .await(KindCase.HELLO);
        Awaitility.await("the monitor to see a connect").until(() -> !monitor.commands().isEmpty());
      }
    }
  }

  /** All that Redis is asked. */
  private static final class Monitor implements AutoCloseable {
    private final Socket socket;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile long lastCommandNanos = System.nanoTime();

    Monitor(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      assertThat(lines.readLine()).isEqualTo("+OK");
      Thread.ofVirtual().start(() -> read(lines));
    }

    private void read(BufferedReader lines) {
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          take(line);
        }
      } catch (IOException e) {
        // Closed: the test is over.
        commands.add("the monitor was closed");
      }
    }

    private void take(String line) {
      String command = line.toUpperCase(java.util.Locale.ROOT);
      if (line.contains("presence:{nodes}") && command.contains("\"EVALSHA\"")) {
        renewals.incrementAndGet();
      } else if (!isPartOfTheLease(line, command)) {
        lastCommandNanos = System.nanoTime();
        commands.add(line);
      }
    }

    private static boolean isPartOfTheLease(String line, String command) {
      boolean insideTheScript =
          line.contains(" lua]")
              && (line.contains("presence:{nodes}") || command.contains("\"TIME\""));
      boolean ownHead = command.contains("\"GET\"") && line.contains(":head\"");
      return insideTheScript
          || ownHead
          || command.contains("\"PING\"")
          || command.contains("\"INFO\"");
    }

    /**
     * Waits until what came before the measurement has ended: its rows are written, its stream is
     * trimmed.
     */
    void awaitQuiet() {
      Awaitility.await("Redis to be left in peace")
          .atMost(Duration.ofSeconds(20))
          .until(() -> System.nanoTime() - lastCommandNanos > QUIET.toNanos());
      commands.clear();
    }

    List<String> commands() {
      return commands;
    }

    int renewals() {
      return renewals.get();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
