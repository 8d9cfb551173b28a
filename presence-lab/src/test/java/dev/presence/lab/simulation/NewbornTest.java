package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stories of a server that starts on a Redis that was emptied. */
class NewbornTest extends TwoServerStory {

  @BeforeEach
  void letAMomentPass() {
    world.advance(Duration.ofMillis(500)); // in which nobody renews
  }

  /** Of a server that is cut off from a store that was emptied only the history tells. */
  @Test
  void shouldFindAServerByTheHistoryThatAnEmptiedStoreDoesNotKnow() {
    SimulatedServer d = world.server("d");
    world.advance(Duration.ofSeconds(5));
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream bob = world.watch(b, "bob");
    a.cutOffAlone(true);
    d.cutOffAlone(true);
    b.kill();
    world.store().wipe();
    world.advance(Duration.ofSeconds(4));
    assertThat(alice.askedToMove()).as("a knows of nobody that reaches the store").isFalse();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(3));
    assertThat(c.isServing()).isTrue();
    SimulatedStream back = world.watched(c.resume("bob", bob.session(), 2));
    for (int step = 0; step < 100 && !alice.askedToMove(); step++) {
      assertThat(back.isComplete()).as("bob may be told that alice is offline").isFalse();
      world.advance(Duration.ofMillis(50));
    }
    assertThat(alice.askedToMove()).isTrue();
    world.watched(c.resume("alice", alice.session(), 2));
    world.advance(Duration.ofSeconds(15));
    assertThat(back.isComplete()).isTrue();
    assertThat(back.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  /** It has nobody that it must wait for any more. */
  @Test
  void shouldServeSoonOnAnEmptiedStoreWhenAllOfWhomTheHistoryTellsAreDead() {
    a.kill();
    b.kill();
    world.store().wipe();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofMillis(2_500)); // not the 3 s that it would give them
    assertThat(c.isServing()).isTrue();
    SimulatedStream bob = world.watch(c, "bob");
    SimulatedStream alice = world.watch(c, "alice");
    alice.signOut();
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
  }

  /** It cannot compare the time of their last renewal with a clock that it has not got yet. */
  @Test
  void shouldNotTakeServersForHeardThatAskedBeforeItReachedTheStore() {
    SimulatedStream bob = world.watch(b, "bob");
    world.store().away();
    world.advance(Duration.ofMillis(2_600));
    world.watch(a, "alice");
    world.advance(Duration.ofMillis(4_500));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(1));
    a.partAway(true);
    world.store().back();
    while (!c.isServing()) {
      world.advance(Duration.ofMillis(10));
    }
    SimulatedStream back = world.watched(c.resume("bob", bob.session(), 2));
    world.advance(Duration.ofMillis(100));
    assertThat(back.isComplete()).as("bob may be told that alice is offline").isFalse();
    a.partAway(false);
    world.advance(Duration.ofSeconds(2));
    assertThat(back.isComplete()).isTrue();
    assertThat(back.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }
}
