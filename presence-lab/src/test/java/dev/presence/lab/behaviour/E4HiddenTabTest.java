package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.lab.browser.Browser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tab that cannot be seen, its timers throttled as by any user's browser: away, and never
 * offline, since the server's pings wake it. That the browser really does it is asserted.
 */
@Tag("E4")
@ExtendWith(World.Shared.class)
class E4HiddenTabTest {

  /** For how long a timer of a tenth of a second did not run, at the most; it may be so still. */
  private static final String WATCH_TIMERS =
      """
      (() => {
        let last = performance.now();
        let longest = 0;
        window.longestGap = () => Math.max(longest, performance.now() - last);
        setInterval(() => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
        }, 100);
        return true;
      })()
      """;

  /** The interval of pings, and what an answer may take. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(8 + 2);

  private final World world;

  E4HiddenTabTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAHiddenTabAwayAndNeverOffline() {
    hide(Duration.ofSeconds(30), Duration.ofMillis(900));
  }

  @Test
  @Tag("long")
  void shouldDoSoWhenTimersRunOnceAMinute() {
    hide(Duration.ofSeconds(120), Duration.ofSeconds(55));
  }

  private void hide(Duration time, Duration gap) {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    try (BrowserWorld browser = new BrowserWorld(world);
        Person watcher = world.person(bob, 0).awaitLive()) {
      Browser.Tab tab = browser.live(alice);
      watcher.awaitEvent(alice, PresenceState.ONLINE, Person.SOON);
      Instant hidden = Instant.now();
      browser.elsewhere();
      tab.evaluate(WATCH_TIMERS);
      watcher.awaitEvent(alice, PresenceState.AWAY, Person.SOON);
      Moment.now().awaitAgo(time);
      assertThat(tab.text("document.visibilityState")).isEqualTo("hidden");
      assertThat(tab.number("window.longestGap()")).isGreaterThanOrEqualTo((double) gap.toMillis());
      Instant shown = Instant.now();
      tab.show();
      Awaitility.await()
          .atMost(Person.SOON)
          .until(() -> watcher.sees(alice) == PresenceState.ONLINE);
      assertThat(watcher.reported(alice))
          .containsExactly(PresenceState.ONLINE, PresenceState.AWAY, PresenceState.ONLINE);
      Awaitility.await()
          .atMost(Person.SOON)
          .untilAsserted(() -> assertSignsOfLife(alice, hidden, shown));
    }
  }

  /** By what servers answered, as Envoy wrote it down. */
  private void assertSignsOfLife(String user, Instant from, Instant to) {
    List<Instant> signs = world.edgeLog().answered(user, "Heartbeat");
    Instant last = from;
    for (Instant sign : signs) {
      if (sign.isAfter(last) && sign.isBefore(to)) {
        assertThat(Duration.between(last, sign)).isLessThanOrEqualTo(SIGN_OF_LIFE);
        last = sign;
      }
    }
    assertThat(Duration.between(last, to)).as("the last one").isLessThanOrEqualTo(SIGN_OF_LIFE);
  }
}
