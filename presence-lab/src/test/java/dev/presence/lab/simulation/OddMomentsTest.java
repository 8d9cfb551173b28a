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
class OddMomentsTest {

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");

  private final SimulatedWorld world = new SimulatedWorld(1);
  private SimulatedServer a;
  private SimulatedServer b;

  @BeforeEach
  void startBoth() {
    world.friends("alice", "bob");
    a = world.server("a");
    world.advance(Duration.ofMillis(500));
    b = world.server("b");
    world.advance(Duration.ofSeconds(10));
  }

  private SimulatedStream watch(SimulatedServer server, String user) {
    return watched(server.open(user));
  }

  private SimulatedStream watched(SimulatedStream stream) {
    world.keepAlive(stream);
    world.advance(Duration.ofMillis(500));
    assertThat(stream.greeted()).isTrue();
    return stream;
  }

  @Test
  void shouldCountEveryLeaseAsRenewedWhenAnythingShowsThatTheStoreIsBack() {
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(10));
    // Each has something to publish when the store comes back, so its first answer is no renewal.
    watch(a, "carol");
    watch(b, "dave");
    world.advance(Duration.ofSeconds(50));
    world.store().back();
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(bob.closed()).isNull();
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldKeepASessionThatCameBackAfterItsTombstone() {
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    alice.cut();
    world.advance(Duration.ofMillis(9_500));
    world.store().mute(A);
    world.advance(Duration.ofMillis(505));
    // The grace period is over for a; b has not heard of it.
    SimulatedStream moved = watched(b.resume("alice", alice.session(), 2));
    assertThat(moved.resumed()).isTrue();
    world.store().unmute(A);
    world.advance(Duration.ofSeconds(5));
    moved.cut();
    SimulatedStream back = watched(a.resume("alice", alice.session(), 3));
    assertThat(back.resumed()).isTrue();
    world.advance(Duration.ofSeconds(60));
    assertThat(back.closed()).isNull();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldShowNoOfflineWhenAClientMovesToAServerThatIsNewborn() {
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    for (int offset = 0; offset < 1_000; offset += 50) {
      world.advance(Duration.ofMillis(5_000 + offset));
      SimulatedServer c = world.server("c" + offset);
      while (!c.isServing()) {
        world.advance(Duration.ofMillis(1));
      }
      int attempt = 2 + offset / 25;
      watched(c.resume("alice", alice.session(), attempt));
      world.advance(Duration.ofSeconds(5));
      assertThat(bob.events()).as("offset %s", offset).containsExactly("alice ONLINE");
      watched(a.resume("alice", alice.session(), attempt + 1));
    }
  }

  @Test
  void shouldNotShowAFalseOfflineWhenASessionThatAServerDoesNotKnowBeginsAgainThere() {
    world.databaseTakes(Duration.ofMillis(50));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream bob = watch(c, "bob");
    world.store().deafen(B);
    SimulatedStream alice = watch(a, "alice");
    alice.cut();
    SimulatedStream again = watched(b.resume("alice", alice.session(), 2));
    world.store().hear(B);
    world.advance(Duration.ofSeconds(20));
    assertThat(again.resumed()).isFalse();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldLearnAWishThatTheDatabaseToldLate() {
    SimulatedStream bob = watch(b, "bob");
    world.keepWish(new UserId("alice"), new Wish(Availability.BUSY, 1));
    world.databaseAway();
    watch(a, "alice");
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.databaseBack();
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
  }

  @Test
  void shouldLearnAWishThatCameAfterItsStreamWasGone() {
    SimulatedStream bob = watch(b, "bob");
    world.keepWish(new UserId("alice"), new Wish(Availability.BUSY, 1));
    world.databaseTakes(Duration.ofSeconds(1));
    SimulatedStream alice = watch(a, "alice");
    alice.cut();
    watched(a.resume("alice", alice.session(), 2));
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
  }

  @Test
  void shouldPassNoVerdictWhenAStoreWithAnotherClockTakesOver() {
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    world.store().jumpAhead(Duration.ofMinutes(1));
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldWaitForWhatOthersHaveToSayAfterAnOutage() {
    for (int offset = 0; offset < 1_100; offset += 50) {
      SimulatedStream bob = watch(b, "bob");
      SimulatedStream phone = watch(b, "alice");
      world.store().away();
      world.advance(Duration.ofSeconds(20));
      phone.signOut();
      world.advance(Duration.ofSeconds(5));
      SimulatedStream desktop = watch(a, "alice");
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
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    a.pause();
    world.advance(Duration.ofSeconds(12));
    a.resume();
    world.advance(Duration.ofSeconds(60));
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldNotRaiseTheDeadAfterALongPause() {
    SimulatedStream bob = watch(b, "bob");
    SimulatedStream alice = watch(a, "alice");
    a.pause();
    alice.cut();
    world.advance(Duration.ofSeconds(6));
    SimulatedStream moved = watched(b.resume("alice", alice.session(), 2));
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
