package dev.presence.lab.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.browser.Browser;
import dev.presence.lab.store.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./presence up}, and all that one does with it while it runs; the last one ends it. */
@Order(2)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunningUpTest {

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static Place place;
  private static Script up;

  @BeforeAll
  static void start() {
    place = new Place(directory);
    up = place.presence("up");
    up.awaitLine(START, ".*Ctrl-C stops everything.*");
  }

  @AfterAll
  static void stop() {
    up.close();
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
  void shouldRefuseASecondOneInTheSamePlace() {
    Script second = place.presence("up");
    assertThat(second.awaitExit(SOON)).isEqualTo(1);
    assertThat(second.complaints()).hasSize(1);
    assertThat(second.err()).contains("running already");
  }

  @Test
  void shouldLetTwoFriendsOnTwoServersSeeEachOther() throws IOException {
    try (Script alice = place.presence("connect", "alice", "--server", "1", "--plain");
        Script bob = place.presence("connect", "bob", "--server", "2", "--plain")) {
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
  }

  @Test
  void shouldDoWhatTheReadmeShows() throws IOException {
    new Readme(place).doAllButUp();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void shouldLeaveNothingBehindAfterCtrlC() throws IOException {
    Set<Long> children = place.children(up);
    assertThat(children).hasSizeGreaterThanOrEqualTo(3);
    up.signal("INT");
    assertThat(up.awaitExit(SOON)).isZero();
    assertThat(up.out()).endsWith("stopped\n");
    assertThat(up.err()).isEmpty();
    assertThat(place.log("server1") + place.log("server2"))
        .as("the stores were there until the servers had written everything")
        .contains("\"ended\"")
        .doesNotContain("stopped before all was written");
    Script.awaitGone(children);
    for (int port : Place.PORTS) {
      assertThat(FreePorts.isFree(place.port(port))).as("port %d", port).isTrue();
    }
  }
}
