package dev.presence.lab.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./presence up}, and how it ends when something is wrong. */
@Order(2)
@Execution(ExecutionMode.SAME_THREAD)
class UpTest {

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void shouldSayInOneLineWhichPortIsInUse() throws IOException {
    Place place = new Place(directory);
    int taken = place.port(Place.FIRST_PORT) + 1;
    try (ServerSocket squatter = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        Script up = place.presence("up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(squatter.isBound()).isTrue();
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("port " + taken, "server2", "in use");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  void shouldSayInOneLineThatEnvoysPortIsInUse() throws IOException {
    Place place = new Place(directory);
    int taken = place.port(Place.PORTS.getFirst());
    try (ServerSocket squatter = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        Script up = place.presence("up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(squatter.isBound()).isTrue();
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("port " + taken, "Envoy", "in use");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  void shouldSayInOneLineThatEnvoyCannotBeRunAndLeaveNothing() throws IOException {
    try (Script up = new Place(directory).with("ENVOY", "/bin/false").presence("up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("Envoy", "envoy.log");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void shouldStopEverythingWhenEnvoyDies() throws IOException {
    Place place = new Place(directory);
    try (Script up = place.presence("up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      assertThat(up.out()).contains("Up: http://localhost:");
      Set<Long> children = place.children(up);
      Script.signal(up.descendant("envoy.yaml").pid(), "KILL");
      assertThat(up.awaitExit(SOON)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("Envoy has died", "envoy.log");
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldStopEverythingWhenAChildDies() throws IOException {
    Place place = new Place(directory);
    try (Script up = place.presence("up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      Set<Long> children = place.children(up);
      Script.signal(up.descendant("server2.properties").pid(), "KILL");
      assertThat(up.awaitExit(SOON)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("server2 has died", "server2.log");
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldLeaveNoChildEvenIfItIsKilledItself() throws IOException {
    Place place = new Place(directory);
    try (Script up = place.presence("up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      Set<Long> children = place.children(up);
      up.signal("KILL");
      up.awaitExit(SOON);
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldStopOnCtrlCWhileItIsStillStarting() throws IOException {
    Place place = new Place(directory);
    try (Script up = place.presence("up")) {
      up.awaitLine(START, "applying the migrations");
      Set<Long> children = place.children(up);
      up.signal("INT");
      assertThat(up.awaitExit(SOON)).as(up.err()).isZero();
      assertThat(up.out()).endsWith("stopped\n").doesNotContain("Ctrl-C stops everything");
      assertThat(up.complaints()).isEmpty();
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldRefuseAPortBaseThatIsNone() {
    Script up = new Place(directory).with("PRESENCE_PORT_BASE", "many").presence("up");
    assertThat(up.awaitExit(SOON)).isEqualTo(1);
    assertThat(up.complaints()).hasSize(1);
    assertThat(up.err()).contains("PRESENCE_PORT_BASE is 'many'", "expected a whole number");
  }
}
