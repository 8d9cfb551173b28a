package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.lab.browser.Browser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever people do with tabs: their friends see one person, who is there until the last is gone.
 */
@Tag("E3")
@ExtendWith(World.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class E3TabsTest {

  /** Longer than the grace period, and than it takes to tell. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(13);

  private final World world;
  private BrowserWorld browser;

  E3TabsTest(World world) {
    this.world = world;
  }

  @BeforeAll
  void startBrowser() {
    browser = new BrowserWorld(world);
  }

  @AfterAll
  void closeBrowser() {
    browser.close();
  }

  /** Each of these is somebody else, so that the waiting is done once for all. */
  @Test
  void shouldShowFriendsNothingOfReloadsAndOfTabsThatComeAndGo() {
    String bob = world.friendOf();
    String reloads = world.friendOf(bob);
    String wanders = world.friendOf(bob);
    String closes = world.friendOf(bob);
    String crashes = world.friendOf(bob);
    List<String> all = List.of(reloads, wanders, closes, crashes);
    try (Person watcher = world.person(bob, 0).awaitLive()) {
      Browser.Tab reloading = browser.live(reloads);
      Browser.Tab wandering = browser.live(wanders);
      Browser.Tab closing = browser.live(closes);
      Browser.Tab closesOther = browser.live(closes);
      Browser.Tab crashing = browser.live(crashes);
      Browser.Tab crashesOther = browser.live(crashes);
      for (String user : all) {
        watcher.awaitEvent(user, PresenceState.ONLINE, Person.SOON);
      }
      reloading.show().reload();
      wandering.show().go("https://localhost:" + world.fleet().edge().ports().tls() + "/dev/users");
      wandering.back();
      closesOther.show();
      closing.close();
      crashesOther.show();
      crashing.crash();
      reloading.awaitLive();
      wandering.awaitLive();
      wandering.forward();
      wandering.back();
      Moment.now().awaitAgo(LONG_ENOUGH);
      for (Browser.Tab tab : List.of(reloading, wandering, closesOther, crashesOther)) {
        tab.awaitLive();
      }
      for (String user : all) {
        assertThat(watcher.reported(user)).as(user).doesNotContain(PresenceState.OFFLINE);
        assertThat(world.rows(user)).as("one session of %s", user).containsExactly("OPEN");
      }
      for (Browser.Tab tab : List.of(reloading, wandering, closesOther, crashesOther)) {
        tab.close();
      }
    }
  }

  @Test
  void shouldHoldOneStreamForEightTabsUntilTheLastIsClosed() {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    try (Person watcher = world.person(bob, 0).awaitLive()) {
      List<Browser.Tab> tabs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tabs.add(browser.live(alice));
      }
      tabs.forEach(Browser.Tab::awaitLive);
      for (Browser.Tab tab : tabs) {
        tab.awaitFriend(bob, "online", Person.SOON);
      }
      assertThat(browser.browser().streams()).isEqualTo(1);
      assertThat(world.rows(alice)).containsExactly("OPEN");
      for (Browser.Tab tab : tabs.subList(1, 8)) {
        tab.close();
      }
      Moment last = Moment.now();
      tabs.getFirst().close();
      Person.Event gone = watcher.awaitEvent(alice, PresenceState.OFFLINE, Duration.ofSeconds(15));
      assertThat(last.until(gone)).isBetween(Duration.ofMillis(9_500), Duration.ofSeconds(13));
      assertThat(world.rowsSoon(alice, 1)).containsExactly("CONNECTION_LOST");
      Awaitility.await()
          .untilAsserted(() -> assertThat(world.edgeLog().mostStreamsAtOnce(alice)).isEqualTo(1));
    }
  }

  @Test
  void shouldBeOfflineWithinASecondOfSigningOut() {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    try (Person watcher = world.person(bob, 1).awaitLive()) {
      Browser.Tab tab = browser.live(alice);
      Browser.Tab other = browser.live(alice);
      watcher.awaitEvent(alice, PresenceState.ONLINE, Person.SOON);
      Moment asked = Moment.now();
      other.click("#sign-out");
      Person.Event gone = watcher.awaitEvent(alice, PresenceState.OFFLINE, Person.SOON);
      assertThat(asked.until(gone)).isLessThanOrEqualTo(Duration.ofSeconds(1));
      assertThat(world.rowsSoon(alice, 1)).containsExactly("SIGNED_OUT");
      tab.awaitConnection("signed-out");
      other.close();
      tab.close();
    }
  }
}
