package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Stories of a server that is emptied, and of a stream that has lived for long enough. */
class DrainTest extends TwoServerStory {

  private void awaitAsked(SimulatedStream stream) {
    for (int i = 0; i < 100 && !stream.askedToMove(); i++) {
      world.advance(Duration.ofMillis(50));
    }
    assertThat(stream.askedToMove()).isTrue();
  }

  @Test
  void shouldSayThatItGoesBeforeItAsksClientsToMove() {
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    world.advance(Duration.ofMillis(1_900));
    assertThat(a.isServing()).isFalse();
    assertThat(alice.askedToMove()).isFalse();
    world.advance(Duration.ofMillis(300));
    assertThat(alice.askedToMove()).isTrue();
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldSayInItsRecordThatItIsBeingEmptied() {
    world.watch(a, "alice");
    assertThat(world.store().record(a.id())).returns(false, NodeRecord::draining);
    a.drain();
    world.advance(Duration.ofMillis(1_900));
    assertThat(world.store().record(a.id())).returns(true, NodeRecord::draining);
    assertThat(world.store().record(b.id())).returns(false, NodeRecord::draining);
  }

  private List<SimulatedStream> crowd(int count) {
    List<SimulatedStream> crowd =
        IntStream.range(0, count).mapToObj(number -> a.open("crowd-" + number)).toList();
    crowd.forEach(world::keepAlive);
    world.advance(Duration.ofSeconds(1));
    return crowd;
  }

  private static long asked(List<SimulatedStream> crowd) {
    return crowd.stream().filter(SimulatedStream::askedToMove).count();
  }

  @Test
  void shouldAskNoMoreClientsInASecondThanOthersCanTake() {
    List<SimulatedStream> crowd = crowd(40);
    a.drain(new DrainRules(Duration.ofMillis(100), 10, Duration.ofSeconds(60)));
    world.advance(Duration.ofMillis(1_100));
    assertThat(asked(crowd)).isBetween(8L, 13L);
    world.advance(Duration.ofSeconds(2));
    assertThat(asked(crowd)).isBetween(28L, 33L);
    world.advance(Duration.ofSeconds(2));
    assertThat(asked(crowd)).isEqualTo(40);
  }

  @Test
  void shouldAskFasterWhereTheTimeDoesNotSufficeForThat() {
    List<SimulatedStream> crowd = crowd(40);
    a.drain(new DrainRules(Duration.ofMillis(100), 1, Duration.ofSeconds(20)));
    world.advance(Duration.ofSeconds(4));
    assertThat(asked(crowd)).isEqualTo(40);
    world.advance(Duration.ofSeconds(7));
    assertThat(crowd).allMatch(stream -> stream.closed() == CloseReason.DRAINING);
    world.advance(Duration.ofSeconds(8));
    assertThat(a.isDead()).isTrue();
  }

  @Test
  void shouldServeAStreamOnUntilItsClientHasMoved() {
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    awaitAsked(alice);
    world.watch(b, "bob");
    assertThat(alice.sees("bob")).isEqualTo(PresenceState.ONLINE);
    alice.awaitAcknowledgement();
    alice.heartbeat();
    world.advance(Duration.ofMillis(20));
    assertThat(alice.acknowledged()).isTrue();
  }

  @Test
  void shouldEndWithoutAnEventOnceAllClientsHaveMoved() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    awaitAsked(alice);
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    assertThat(moved.resumed()).isTrue();
    assertThat(alice.closed()).isEqualTo(CloseReason.REPLACED);
    world.advance(Duration.ofSeconds(1));
    assertThat(a.isDead()).isTrue();
    world.advance(Duration.ofMinutes(2));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.rows()).containsExactly("alice open", "bob open");
    assertThat(world.rowOwner("alice")).isEqualTo(b.id());
  }

  @Test
  void shouldSendAwayWhoDoesNotMoveAndKeepItsSession() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    world.advance(Duration.ofSeconds(10));
    assertThat(alice.closed()).isEqualTo(CloseReason.DRAINING);
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofMinutes(2));
    assertThat(moved.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.rows()).containsExactly("alice open", "bob open");
  }

  @Test
  void shouldGoAtOnceWhenNobodyIsThere() {
    a.drain();
    world.advance(Duration.ofSeconds(1));
    assertThat(a.isDead()).isTrue();
  }

  @Test
  void shouldSendAllAwayAtOnceWhenItIsToHurry() {
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    world.advance(Duration.ofMillis(500));
    a.hurry();
    world.advance(Duration.ofMillis(100));
    assertThat(alice.closed()).isEqualTo(CloseReason.DRAINING);
    world.advance(Duration.ofSeconds(1));
    assertThat(a.isDead()).isTrue();
  }

  @Test
  void shouldLetNobodyInWhileItIsDrained() {
    world.watch(a, "alice");
    a.drain();
    SimulatedStream late = a.open("bob");
    world.advance(Duration.ofMillis(100));
    assertThat(late.greeted()).isFalse();
    assertThat(late.closed()).isEqualTo(CloseReason.DRAINING);
  }

  @Test
  void shouldAskTheClientOfAStreamThatHasLivedLongEnoughToMove() {
    SimulatedStream alice = world.watch(a, "alice");
    world.advance(Duration.ofMinutes(47));
    assertThat(alice.askedToMove()).isFalse();
    world.advance(Duration.ofMinutes(26));
    assertThat(alice.askedToMove()).isTrue();
  }

  @Test
  void shouldNotTellOfAStreamThatFollowsOneThatHasLivedLongEnough() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    while (!alice.askedToMove()) {
      world.advance(Duration.ofSeconds(1));
    }
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofMinutes(5));
    assertThat(moved.resumed()).isTrue();
    assertThat(moved.askedToMove()).isFalse();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldCloseAStreamThatHasLivedLongEnoughAndWhoseClientStays() {
    SimulatedStream alice = world.watch(a, "alice");
    while (!alice.askedToMove()) {
      world.advance(Duration.ofSeconds(10));
    }
    world.advance(Duration.ofSeconds(50));
    assertThat(alice.closed()).isNull();
    world.advance(Duration.ofSeconds(30));
    assertThat(alice.closed()).isEqualTo(CloseReason.DRAINING);
  }
}
