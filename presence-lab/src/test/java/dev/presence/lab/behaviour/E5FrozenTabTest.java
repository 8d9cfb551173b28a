package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.lab.browser.Browser;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A tab that the browser has frozen: nothing in it runs, and its stream is silently dead. Browsers
 * freeze hidden tabs only, so the timeout is that of hidden pages.
 */
@Tag("E5")
@ExtendWith(World.Rough.class)
@ResourceLock(World.Rough.LOCK)
class E5FrozenTabTest {

  private static final Duration PING_INTERVAL = Duration.ofSeconds(8);
  private static final Duration GRACE_PERIOD = Duration.ofSeconds(10);

  private final World world;

  E5FrozenTabTest(World world) {
    this.world = world;
  }

  /** The rough world gives hidden pages less time than production does. */
  @Test
  void shouldGoOfflineAfterTimeoutAndGraceAndBeRightSoonAfterThawing() {
    freeze(world, World.Rough.HIDDEN_TIMEOUT);
  }

  @Test
  @Tag("long")
  void shouldDoSoWithTheTimingsOfProduction() {
    try (World production = new World()) {
      freeze(production, Duration.ofSeconds(75));
    }
  }

  private static void freeze(World world, Duration timeout) {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    Duration latest = timeout.plus(GRACE_PERIOD).plusSeconds(2);
    try (BrowserWorld browser = new BrowserWorld(world);
        Person watcher = world.person(bob, 0).awaitLive()) {
      Browser.Tab tab = browser.live(alice);
      watcher.awaitEvent(alice, PresenceState.ONLINE, Person.SOON);
      tab.awaitFriend(bob, "online", Person.SOON);
      browser.elsewhere();
      watcher.awaitEvent(alice, PresenceState.AWAY, Person.SOON);
      Moment frozen = Moment.now();
      tab.freeze(true);
      Person.Event gone = watcher.awaitEvent(alice, PresenceState.OFFLINE, latest.plusSeconds(5));
      // The last sign of life was at most a ping's interval before.
      assertThat(frozen.until(gone))
          .isBetween(timeout.plus(GRACE_PERIOD).minus(PING_INTERVAL).minusSeconds(1), latest);
      watcher.signOut();
      Moment thawed = Moment.now();
      tab.freeze(false);
      tab.show();
      try (Person other = world.person(bob, 1)) {
        other.awaitView(alice, PresenceState.ONLINE, Duration.ofSeconds(2));
        assertThat(thawed.ago()).isLessThanOrEqualTo(Duration.ofSeconds(2));
        tab.awaitLive();
        tab.awaitFriend(bob, "online", Duration.ofSeconds(2));
      }
    }
  }
}
