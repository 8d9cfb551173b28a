package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stories in which two things happen at the worst moment for each other. */
class OddMomentsTest extends TwoServerStory {

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");

  /** Half a second apart, lest all that they do each second be done by both at the same moment. */
  @Override
  @BeforeEach
  void startBoth() {
    world.friends("alice", "bob");
    a = world.server("a");
    world.advance(Duration.ofMillis(500));
    b = world.server("b");
    world.advance(Duration.ofSeconds(10));
  }

  @Test
  void shouldCountEveryLeaseAsRenewedWhenAnythingShowsThatTheStoreIsBack() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(10));
    // Each has something to publish when the store comes back, so its first answer is no renewal.
    world.watch(a, "carol");
    world.watch(b, "dave");
    world.advance(Duration.ofSeconds(50));
    world.store().back();
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(bob.closed()).isNull();
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldKeepASessionThatCameBackAfterItsTombstone() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    world.advance(Duration.ofMillis(9_500));
    world.store().mute(A);
    world.advance(Duration.ofMillis(505));
    // The grace period is over for a; b has not heard of it.
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    assertThat(moved.resumed()).isTrue();
    world.store().unmute(A);
    world.advance(Duration.ofSeconds(5));
    moved.cut();
    SimulatedStream back = world.watched(a.resume("alice", alice.session(), 3));
    assertThat(back.resumed()).isTrue();
    world.advance(Duration.ofSeconds(60));
    assertThat(back.closed()).isNull();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldShowNoOfflineWhenAClientMovesToAServerThatIsNewborn() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    for (int offset = 0; offset < 1_000; offset += 50) {
      world.advance(Duration.ofMillis(5_000 + offset));
      SimulatedServer c = world.server("c" + offset);
      while (!c.isServing()) {
        world.advance(Duration.ofMillis(1));
      }
      int attempt = 2 + offset / 25;
      world.watched(c.resume("alice", alice.session(), attempt));
      world.advance(Duration.ofSeconds(5));
      assertThat(bob.events()).as("offset %s", offset).containsExactly("alice ONLINE");
      world.watched(a.resume("alice", alice.session(), attempt + 1));
    }
  }

  @Test
  void shouldNotShowAFalseOfflineWhenASessionThatAServerDoesNotKnowBeginsAgainThere() {
    world.databaseTakes(Duration.ofMillis(50));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream bob = world.watch(c, "bob");
    world.store().deafen(B);
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    SimulatedStream again = world.watched(b.resume("alice", alice.session(), 2));
    world.store().hear(B);
    world.advance(Duration.ofSeconds(20));
    assertThat(again.resumed()).isFalse();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldLearnAWishThatTheDatabaseToldLate() {
    SimulatedStream bob = world.watch(b, "bob");
    world.keepWish(new UserId("alice"), new Wish(Availability.BUSY, 1));
    world.databaseAway();
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.databaseBack();
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
  }

  @Test
  void shouldLearnAWishThatCameAfterItsStreamWasGone() {
    SimulatedStream bob = world.watch(b, "bob");
    world.keepWish(new UserId("alice"), new Wish(Availability.BUSY, 1));
    world.databaseTakes(Duration.ofSeconds(1));
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    world.watched(a.resume("alice", alice.session(), 2));
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
  }

  @Test
  void shouldPassNoVerdictWhenAStoreWithAnotherClockTakesOver() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().jumpAhead(Duration.ofMinutes(1));
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldWaitForWhatOthersHaveToSayAfterAnOutage() {
    for (int offset = 0; offset < 1_100; offset += 50) {
      SimulatedStream bob = world.watch(b, "bob");
      SimulatedStream phone = world.watch(b, "alice");
      world.store().away();
      world.advance(Duration.ofSeconds(20));
      phone.signOut();
      world.advance(Duration.ofSeconds(5));
      SimulatedStream desktop = world.watch(a, "alice");
      world.advance(Duration.ofMillis(offset));
      world.store().back();
      world.advance(Duration.ofSeconds(20));
      assertThat(bob.events()).as("offset %s", offset).containsExactly("alice ONLINE");
      desktop.signOut();
      bob.signOut();
      world.advance(Duration.ofSeconds(60));
    }
  }

  @Test
  void shouldServeAtOnceWhenNothingIsInTheWay() {
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofMillis(500));
    assertThat(c.isServing()).isTrue();
  }

  @Test
  void shouldKeepServingAfterAPause() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.pause();
    world.advance(Duration.ofSeconds(12));
    a.resume();
    world.advance(Duration.ofSeconds(60));
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldNotRaiseTheDeadAfterALongPause() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.pause();
    alice.cut();
    world.advance(Duration.ofSeconds(6));
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofSeconds(20));
    moved.signOut();
    world.advance(Duration.ofMinutes(2));
    a.resume();
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.closed()).isNull();
    assertThat(moved.closed()).isEqualTo(CloseReason.SIGNED_OUT);
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
  }
}
