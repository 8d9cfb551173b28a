package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client is the command line, a process of its own that the system stops: its connection stays,
 * and the server's HTTP/2 pings are answered by nobody. The last sign of life is what the servers
 * say, and cannot lie: it is at most one heartbeat interval before the stop, and not after it.
 */
@Tag("B3")
@ExtendWith(World.Shared.class)
class B3SilentClientTest {

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(8);

  private final World world;

  @TempDir private Path directory;

  B3SilentClientTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAClientThatWasStoppedOfflineThirtySecondsAfterItsLastSignOfLife()
      throws IOException, InterruptedException {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    Path token = Files.writeString(directory.resolve("token"), world.fleet().tokens().user(friend));
    Path log = world.directory().resolve(friend + ".log");
    try (Person bob = world.person(watcher, 1).awaitLive()) {
      Process alice =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  Path.of(
                          System.getProperty("presence.root"),
                          "presence-client/target/presence-client.jar")
                      .toString(),
                  "connect",
                  friend,
                  "--servers",
                  world.fleet().server(0).address(),
                  "--token-file",
                  token.toString(),
                  "--plain")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        awaitOnline(bob, friend, log);
        assertThat(alice.isAlive()).as("alice's client runs").isTrue();
        Instant stopped = Instant.now();
        kill("-STOP", alice.pid());
        Person.Event offline =
            bob.awaitEvent(friend, PresenceState.OFFLINE, Duration.ofSeconds(35));
        Instant seenOffline = Instant.now();
        Instant lastSign = offline.presence().lastSeen().orElseThrow();
        assertThat(lastSign)
            .isBetween(stopped.minus(HEARTBEAT_INTERVAL).minusSeconds(1), stopped.plusMillis(200));
        assertThat(Duration.between(lastSign, seenOffline))
            .isBetween(Duration.ofSeconds(28), Duration.ofSeconds(32));
        assertThat(bob.reported(friend))
            .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      } finally {
        alice.destroyForcibly(); // a stopped process too
        alice.onExit().orTimeout(5, TimeUnit.SECONDS).join();
      }
    }
  }

  private static void awaitOnline(Person watcher, String friend, Path log) throws IOException {
    try {
      watcher.awaitEvent(friend, PresenceState.ONLINE, Duration.ofSeconds(30));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("her client says: " + Files.readString(log), e);
    }
  }

  private static void kill(String signal, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor()).isZero();
  }
}
