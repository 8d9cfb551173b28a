package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Tag("B4")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(World.Shared.class)
class B4TwoDevicesTest {

  private final World world;

  B4TwoDevicesTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAUserOfflineOnlyWhenTheDevicesOnBothServersAreGone() {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person phone = world.person(friend, 0).awaitLive();
        Person desktop = world.person(friend, 1).awaitLive()) {
      bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      Moment cut = Moment.now();
      phone.network().cut();
      cut.awaitAgo(Duration.ofSeconds(13));
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE);
      Moment left = Moment.now();
      desktop.signOut();
      Person.Event offline = bob.awaitEvent(friend, PresenceState.OFFLINE, Person.SOON);
      assertThat(left.until(offline)).isLessThanOrEqualTo(Duration.ofSeconds(1));
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
    }
  }

  @Test
  void shouldCountTheGracePeriodOfTheDeviceThatIsLostLast() {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person phone = world.person(friend, 0).awaitLive();
        Person desktop = world.person(friend, 0).awaitLive()) {
      bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      Moment first = Moment.now();
      phone.network().cut();
      first.awaitAgo(Duration.ofSeconds(5));
      Moment second = Moment.now();
      desktop.network().cut();
      Person.Event offline = bob.awaitEvent(friend, PresenceState.OFFLINE, Duration.ofSeconds(13));
      assertThat(second.until(offline)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
    }
  }
}
