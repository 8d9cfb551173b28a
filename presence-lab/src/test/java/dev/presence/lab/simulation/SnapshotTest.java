package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Stories of what a snapshot says by its end: who is not listed is offline, and a client that comes
 * back may know better.
 */
class SnapshotTest extends TwoServerStory {

  @Test
  void shouldEndTheSnapshotOfOneWhoComesBackOnlyWhenCaughtUp() {
    SimulatedStream bob = world.watch(a, "bob");
    world.store().mute(a.id());
    a.open("alice");
    world.advance(Duration.ofMillis(50));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    SimulatedStream moved = b.resume("bob", bob.session(), 2);
    world.keepAlive(moved);
    world.advance(Duration.ofMillis(100));
    assertThat(moved.greeted()).isTrue();
    assertThat(moved.isComplete()).isFalse();
    world.advance(Duration.ofSeconds(2));
    assertThat(moved.isComplete()).isTrue();
    assertThat(moved.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(moved.events()).isEmpty();
  }

  @Test
  void shouldNotEndItWhileTheServerIsStale() {
    SimulatedStream bob = world.watch(a, "bob");
    world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream moved = b.resume("bob", bob.session(), 2);
    world.keepAlive(moved);
    world.advance(Duration.ofSeconds(30));
    assertThat(moved.greeted()).isTrue();
    assertThat(moved.isComplete()).isFalse();
    world.store().back();
    world.advance(Duration.ofSeconds(10));
    assertThat(moved.isComplete()).isTrue();
  }

  @Test
  void shouldEndTheSnapshotOfANewClientAtOnceThoughTheServerIsStale() {
    world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream bob = b.open("bob");
    world.advance(Duration.ofMillis(300));
    assertThat(bob.isComplete()).isTrue();
    assertThat(bob.stale()).isTrue();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }
}
