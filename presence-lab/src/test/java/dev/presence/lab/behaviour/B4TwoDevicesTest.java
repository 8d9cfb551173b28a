package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("B4")
@ExtendWith(World.Shared.class)
class B4TwoDevicesTest {

  private final World world;

  B4TwoDevicesTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAUserOfflineOnlyWhenBothDevicesAreGone() {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person phone = world.person(friend, 0).awaitLive();
        Person desktop = world.person(friend, 1).awaitLive()) {
      bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      phone.network().cut();
      long cut = System.nanoTime();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> System.nanoTime() - cut > Duration.ofSeconds(13).toNanos());
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE);
      desktop.signOut();
      bob.awaitEvent(friend, PresenceState.OFFLINE, Duration.ofSeconds(1));
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
    }
  }
}
