package dev.presence.lab.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.browser.Browser;
import dev.presence.lab.store.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./presence up} as a newcomer meets it. */
@Execution(ExecutionMode.SAME_THREAD)
class UpTest {

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int FIRST_PORT = 9101;
  private static final List<Integer> PORTS =
      List.of(8080, 8443, FIRST_PORT, 9102, 9201, 9202, 9901);

  @TempDir private Path directory;

  /**
   * Ports that are free now, and files of its own, so that a developer's own "up" is not disturbed.
   */
  private Map<String, String> place(int shift) {
    return Map.of(
        "PRESENCE_HOME", directory.resolve("home").toString(),
        "PRESENCE_PORT_BASE", Integer.toString(shift));
  }

  private Script presence(Map<String, String> place, String... arguments) {
    return Script.start(directory, place, List.of(arguments));
  }

  private static String field(String line, String name) {
    for (String word : line.split(" ", -1)) {
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
    }
    throw new AssertionError("no " + name + " in: " + line);
  }

  @Test
  void shouldLetTwoFriendsOnTwoServersSeeEachOtherAndLeaveNothingBehind() throws IOException {
    int shift = Script.freeShift();
    Map<String, String> place = place(shift);
    try (Script up = presence(place, "up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      Script second = presence(place, "up");
      assertThat(second.awaitExit(SOON)).isEqualTo(1);
      assertThat(second.complaints()).hasSize(1);
      assertThat(second.err()).contains("running already");
      try (Script alice = presence(place, "connect", "alice", "--server", "1", "--plain");
          Script bob = presence(place, "connect", "bob", "--server", "2", "--plain")) {
        String hers = alice.awaitLine(SOON, "hello .*");
        String his = bob.awaitLine(SOON, "hello .*");
        assertThat(field(hers, "node")).isNotEqualTo(field(his, "node"));
        alice.awaitLine(SOON, "(snapshot .*)?\\bbob[ =]ONLINE.*");
        String page = up.awaitLine(SOON, "Up: .*").replaceAll(".*(https://[^ ,]*).*", "$1");
        try (Browser browser = new Browser(directory)) {
          Browser.Tab tab = browser.open(page);
          tab.await("document.querySelector(\"[data-sign-in='alice']\")", SOON);
          tab.click("[data-sign-in='alice']");
          tab.awaitLive();
          tab.awaitFriend("bob", "online", SOON);
        }
        bob.signal("INT");
        bob.awaitExit(SOON);
        alice.awaitLine(SOON, "bob OFFLINE last_seen=.*");
      }
      Set<Long> children = children(up);
      assertThat(children).hasSizeGreaterThanOrEqualTo(3);
      up.signal("INT");
      assertThat(up.awaitExit(SOON)).isZero();
      assertThat(up.out()).endsWith("stopped\n");
      assertThat(up.err()).isEmpty();
      assertThat(log("server1") + log("server2"))
          .as("the stores were there until the servers had written everything")
          .contains("\"ended\"")
          .doesNotContain("stopped before all was written");
      Script.awaitGone(children);
      for (int port : PORTS) {
        assertThat(FreePorts.isFree(port + shift)).as("port %d", port).isTrue();
      }
    }
  }

  private String log(String server) throws IOException {
    return Files.readString(directory.resolve("home/run").resolve(server + ".log"));
  }

  /** All that "up" has started. PostgreSQL leaves its parent, as daemons do. */
  private Set<Long> children(Script up) throws IOException {
    Set<Long> children = new HashSet<>(up.descendants());
    Path file = directory.resolve("home/run/postgres/data/postmaster.pid");
    long postgres = Long.parseLong(Files.readAllLines(file).get(0).strip());
    children.add(postgres);
    ProcessHandle.of(postgres)
        .orElseThrow()
        .descendants()
        .map(ProcessHandle::pid)
        .forEach(children::add);
    return children;
  }

  @Test
  void shouldSayInOneLineWhichPortIsInUse() throws IOException {
    int shift = Script.freeShift();
    int taken = FIRST_PORT + shift + 1;
    try (ServerSocket squatter = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        Script up = presence(place(shift), "up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(squatter.isBound()).isTrue();
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("port " + taken, "server2", "in use");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  void shouldSayInOneLineThatEnvoysPortIsInUse() throws IOException {
    int shift = Script.freeShift();
    int taken = PORTS.getFirst() + shift;
    try (ServerSocket squatter = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        Script up = presence(place(shift), "up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(squatter.isBound()).isTrue();
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("port " + taken, "Envoy", "in use");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  void shouldSayInOneLineThatEnvoyCannotBeRunAndLeaveNothing() throws IOException {
    Map<String, String> place = new HashMap<>(place(Script.freeShift()));
    place.put("ENVOY", "/bin/false");
    try (Script up = presence(place, "up")) {
      assertThat(up.awaitExit(START)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("Envoy", "envoy.log");
      assertThat(up.descendants()).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void shouldStopEverythingWhenEnvoyDies() throws IOException {
    try (Script up = presence(place(Script.freeShift()), "up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      assertThat(up.out()).contains("Up: http://localhost:");
      Set<Long> children = children(up);
      Script.signal(up.descendant("envoy.yaml").pid(), "KILL");
      assertThat(up.awaitExit(SOON)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("Envoy has died", "envoy.log");
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldStopEverythingWhenAChildDies() throws IOException {
    try (Script up = presence(place(Script.freeShift()), "up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      Set<Long> children = children(up);
      Script.signal(up.descendant("server2.properties").pid(), "KILL");
      assertThat(up.awaitExit(SOON)).isEqualTo(1);
      assertThat(up.complaints()).hasSize(1);
      assertThat(up.err()).contains("server2 has died", "server2.log");
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldLeaveNoChildEvenIfItIsKilledItself() throws IOException {
    try (Script up = presence(place(Script.freeShift()), "up")) {
      up.awaitLine(START, ".*Ctrl-C stops everything.*");
      Set<Long> children = children(up);
      up.signal("KILL");
      up.awaitExit(SOON);
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldStopOnCtrlCWhileItIsStillStarting() throws IOException {
    try (Script up = presence(place(Script.freeShift()), "up")) {
      up.awaitLine(START, "applying the migrations");
      Set<Long> children = children(up);
      up.signal("INT");
      assertThat(up.awaitExit(SOON)).as(up.err()).isZero();
      assertThat(up.out()).endsWith("stopped\n").doesNotContain("Ctrl-C stops everything");
      assertThat(up.complaints()).isEmpty();
      Script.awaitGone(children);
    }
  }

  @Test
  void shouldRefuseAPortBaseThatIsNone() {
    Script up =
        presence(Map.of("PRESENCE_HOME", directory.toString(), "PRESENCE_PORT_BASE", "many"), "up");
    assertThat(up.awaitExit(SOON)).isEqualTo(1);
    assertThat(up.complaints()).hasSize(1);
    assertThat(up.err()).contains("PRESENCE_PORT_BASE is 'many'", "expected a whole number");
  }
}
