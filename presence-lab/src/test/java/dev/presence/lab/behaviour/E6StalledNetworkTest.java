package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.lab.browser.Browser;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that swallows every byte and reports no error, between the page and Envoy. */
@Tag("E6")
@ExtendWith(World.Shared.class)
class E6StalledNetworkTest {

  private static final Duration STALL = Duration.ofSeconds(15);

  private final World world;

  E6StalledNetworkTest(World world) {
    this.world = world;
  }

  @Test
  void shouldSaySoAndRecoverByItselfWhileFriendsSeeNothing() throws IOException {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    try (StallingRelay network = new StallingRelay(world.fleet().edge().ports().plain());
        BrowserWorld browser = new BrowserWorld(world);
        Person watcher = world.person(bob, 0).awaitLive()) {
      Browser.Tab tab =
          browser
              .browser()
              .open("http://localhost:" + network.port() + "/#user=" + alice)
              .awaitLive();
      watcher.awaitEvent(alice, PresenceState.ONLINE, Person.SOON);
      Moment stalled = Moment.now();
      network.stall(true);
      tab.await("document.body.dataset.connection !== 'live'", Duration.ofSeconds(15));
      tab.await(
          "document.getElementById('connection-text').textContent !== 'Live'",
          Duration.ofSeconds(2));
      stalled.awaitAgo(STALL);
      network.stall(false);
      tab.awaitLive();
      Moment.now().awaitAgo(Duration.ofSeconds(12));
      tab.awaitLive();
      assertThat(watcher.reported(alice)).containsExactly(PresenceState.ONLINE);
      assertThat(world.rows(alice)).containsExactly("OPEN");
    }
  }
}
