package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stories of servers that do not reach Redis: one alone, all of them, or nobody knows. */
class CutOffTest extends TwoServerStory {

  private void cutOffBoth() {
    a.cutOffAlone(true);
    b.cutOffAlone(true);
  }

  @Test
  void shouldNotServeBeforeItsFirstTouchWithTheStore() {
    world.store().away();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(20));
    assertThat(c.isServing()).isFalse();
    world.store().back();
    world.advance(Duration.ofSeconds(5));
    assertThat(c.isServing()).isTrue();
  }

  @Test
  void shouldAskTheOthersAndTakeNoNewStreamsWhenItAloneIsCutOff() {
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(4));
    assertThat(world.count(Rule.PEER_ASKED)).isPositive();
    assertThat(a.isServing()).isFalse();
    assertThat(b.isServing()).isTrue();
    SimulatedStream refused = a.open("alice");
    world.advance(Duration.ofMillis(20));
    assertThat(refused.greeted()).isFalse();
    assertThat(refused.closed()).isEqualTo(CloseReason.UNAVAILABLE);
  }

  @Test
  void shouldAskEachSecondForAsLongAsItIsCutOff() {
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(4));
    long asked = world.count(Rule.PEER_ASKED);
    world.advance(Duration.ofSeconds(10));
    assertThat(world.count(Rule.PEER_ASKED) - asked).isBetween(7L, 11L);
    a.cutOffAlone(false);
    world.advance(Duration.ofSeconds(4));
    long answered = world.count(Rule.PEER_ASKED);
    world.advance(Duration.ofSeconds(10));
    assertThat(world.count(Rule.PEER_ASKED)).isEqualTo(answered);
  }

  @Test
  void shouldEndASessionThatIsSignedOutOnTheStreamThatItWasAboutToLeave() {
    SimulatedStream alice = world.watch(a, "alice");
    a.cutOffAlone(true);
    while (!alice.askedToMove()) {
      world.advance(Duration.ofMillis(50));
    }
    SimulatedStream moved = b.resume("alice", alice.session(), 2);
    world.advance(Duration.ofMillis(50));
    alice.signOut();
    moved.cut();
    world.advance(Duration.ofMillis(50));
    a.cutOffAlone(false);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.rows()).containsExactly("alice closed SIGNED_OUT");
  }

  @Test
  void shouldMoveItsClientsWithinLeaseAndFiveSecondsAndTellNobody() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.cutOffAlone(true);
    long cut = world.nowMillis();
    while (!alice.askedToMove()) {
      world.advance(Duration.ofMillis(50));
    }
    assertThat(alice.closed()).isNull();
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    assertThat(world.nowMillis() - cut).isLessThan(10_000);
    assertThat(moved.resumed()).isTrue();
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.rowOwner("alice")).isEqualTo(b.id());
  }

  @Test
  void shouldSendAwayWhoStaysThoughAskedToMove() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(10));
    assertThat(alice.closed()).isEqualTo(CloseReason.UNAVAILABLE);
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofSeconds(60));
    assertThat(moved.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldServeAgainOnceItReachesTheStore() {
    SimulatedStream bob = world.watch(b, "bob");
    a.cutOffAlone(true);
    world.advance(Duration.ofMinutes(2));
    assertThat(a.isServing()).isFalse();
    a.cutOffAlone(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(a.isServing()).isTrue();
    world.watch(a, "alice");
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldKeepStreamsAndTakeNewOnesAtOnceWhenNobodyReachesTheStore() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream newcomer = a.open("dave");
    world.keepAlive(newcomer);
    world.advance(Duration.ofMillis(300));
    assertThat(newcomer.greeted()).isTrue();
    assertThat(newcomer.stale()).isTrue();
    world.advance(Duration.ofSeconds(60));
    assertThat(a.isServing()).isTrue();
    assertThat(alice.closed()).isNull();
    assertThat(alice.askedToMove()).isFalse();
    assertThat(newcomer.closed()).isNull();
    assertThat(bob.stale()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    world.store().back();
    world.advance(Duration.ofSeconds(20));
    assertThat(bob.stale()).isFalse();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldGreetWhoWaitsForTheStoreOnceItIsKnownToBeAwayForAll() {
    world.advance(Duration.ofMillis(500));
    world.store().away();
    world.advance(Duration.ofMillis(1_200));
    SimulatedStream waiting = a.open("alice");
    world.keepAlive(waiting);
    world.advance(Duration.ofMillis(500));
    assertThat(waiting.greeted()).isFalse();
    world.advance(Duration.ofSeconds(2));
    assertThat(waiting.greeted()).isTrue();
    assertThat(waiting.closed()).isNull();
  }

  @Test
  void shouldSayUntilWhenItsAnswersAreGood() {
    assertThat(b.freshness().stale()).isFalse();
    long away = world.nowMillis();
    world.store().away();
    world.advance(Duration.ofSeconds(30));
    assertThat(b.freshness().stale()).isTrue();
    assertThat(b.freshness().asOfMillis()).isBetween(away - 1_300, away + 300);
    world.store().back();
    world.advance(Duration.ofSeconds(5));
    assertThat(b.freshness().stale()).isFalse();
  }

  @Test
  void shouldAskClientsToMoveButTakeThemAllTheSameWhenNobodyAnswers() {
    SimulatedStream alice = world.watch(a, "alice");
    b.pause();
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(20));
    assertThat(alice.askedToMove()).isTrue();
    assertThat(alice.closed()).isNull();
    assertThat(a.isServing()).isTrue();
    SimulatedStream another = a.open("dave");
    world.advance(Duration.ofMillis(300));
    assertThat(another.greeted()).isTrue();
  }

  /** Bob's new stream gets no word from the store; what he had before is not lost by it. */
  @Test
  void shouldSendAnOpenElsewhereThatTheStoreDoesNotAnswerAndKeepItsSession() {
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream bob = world.watch(a, "bob");
    b.partAway(true);
    SimulatedStream tried = b.resume("bob", bob.session(), 2);
    world.advance(Duration.ofMillis(2_400));
    assertThat(tried.closed()).isNull();
    world.advance(Duration.ofMillis(200));
    assertThat(tried.greeted()).isFalse();
    assertThat(tried.closed()).isEqualTo(CloseReason.UNAVAILABLE);
    b.partAway(false);
    SimulatedStream again = b.resume("bob", bob.session(), 3);
    world.keepAlive(again);
    world.advance(Duration.ofSeconds(30));
    assertThat(again.resumed()).isTrue();
    assertThat(alice.events()).containsExactly("bob ONLINE");
  }

  /** Two that only know of each other would take the store to be away for all. */
  @Test
  void shouldStopServingWhenAServerThatStartsMeanwhileReachesTheStore() {
    cutOffBoth();
    world.advance(Duration.ofSeconds(10));
    assertThat(a.isServing()).isTrue();
    assertThat(b.isServing()).isTrue();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(6));
    assertThat(c.isServing()).isTrue();
    assertThat(a.isServing()).isFalse();
    assertThat(b.isServing()).isFalse();
  }

  /** Alice's phone was greeted by a server that could tell nobody. */
  @Test
  void shouldTellNobodyOfflineWhoseServerIsCutOffAndHasNotBeenHeard() {
    cutOffBoth();
    world.advance(Duration.ofSeconds(10));
    SimulatedStream phone = world.watch(a, "alice");
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofMillis(500));
    SimulatedStream bob = world.watch(c, "bob");
    SimulatedStream desktop = world.watch(c, "alice");
    desktop.signOut();
    world.advance(Duration.ofSeconds(6));
    assertThat(phone.askedToMove()).isTrue();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    SimulatedStream moved = world.watched(c.resume("alice", phone.session(), 2));
    world.advance(Duration.ofSeconds(60));
    assertThat(moved.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /** B had asked whether it has seen all before the outage in which A took Alice in. */
  @Test
  void shouldTellNobodyOfflineByAQuestionFromBeforeAServerWasUnheard() {
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(25)); // B takes it for lost
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream phone = world.watch(b, "alice");
    phone.signOut();
    world.store().away();
    world.advance(Duration.ofSeconds(6));
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(3));
    a.cutOffAlone(false);
    world.store().back();
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /** Its touch with the store was too short for it to say whom it had taken in. */
  @Test
  void shouldTellNobodyOfflineWhoseServerWasBackForAMomentOnly() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream desktop = world.watch(b, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(10));
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(2));
    a.partAway(true);
    world.store().back();
    world.advance(Duration.ofMillis(2_500));
    a.cutOffAlone(true);
    a.partAway(false);
    world.advance(Duration.ofSeconds(4));
    desktop.signOut();
    world.advance(Duration.ofSeconds(3));
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /** B has something to publish first, and what it had sent of that was lost with the outage. */
  @Test
  void shouldNotBeginAfterAnOutageBeforeThoseWhoCouldNotRenewSaidWhomTheyCount() {
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(2));
    world.store().away();
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(12));
    world.watch(b, "carol");
    world.advance(Duration.ofSeconds(6));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(2));
    world.store().back();
    world.advance(Duration.ofSeconds(4));
    assertThat(c.isServing()).isFalse();
    a.cutOffAlone(false);
    world.advance(Duration.ofSeconds(4));
    assertThat(c.isServing()).isTrue();
    assertThat(world.watch(c, "bob").sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  /** Whatever moment the outage ends at, seen from its turns. */
  @Test
  void shouldRenewAsSoonAsWhatItCouldNotPublishIsPublished() {
    for (int phase = 0; phase < 1_000; phase += 100) {
      world.store().away();
      world.advance(Duration.ofSeconds(6));
      world.watch(a, "dave");
      world.advance(Duration.ofMillis(8_000 + phase));
      world.store().back();
      long back = world.world().time().nowMillis();
      world.advance(Duration.ofMillis(1_200));
      assertThat(world.world().redis().renewedAt(a.id())).isGreaterThan(back);
      world.advance(Duration.ofSeconds(10));
    }
  }

  @Test
  void shouldNotWaitForACutOffServerOnceItHasHadTheTimeToMoveItsClients() {
    cutOffBoth();
    world.advance(Duration.ofSeconds(10));
    world.watch(a, "dave");
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofMillis(500));
    SimulatedStream bob = world.watch(c, "bob");
    SimulatedStream alice = world.watch(c, "alice");
    alice.signOut();
    world.advance(Duration.ofSeconds(11));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");

    // It asks on, but is not waited for again.
    SimulatedStream again = world.watch(c, "alice");
    again.signOut();
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldTellOfflineAtOnceWhenTheCutOffServerHasBeenHeard() {
    cutOffBoth();
    world.advance(Duration.ofSeconds(10));
    world.watch(a, "dave");
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofMillis(500));
    SimulatedStream bob = world.watch(c, "bob");
    SimulatedStream alice = world.watch(c, "alice");
    alice.signOut();
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    a.cutOffAlone(false);
    world.advance(Duration.ofMillis(2_500));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
  }

  /** The store was emptied; who begins on it gives those who know more the time to come back. */
  @Test
  void shouldNotBeginAmongNewbornServersBeforeOthersHadTheTimeToComeBack() {
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(2));
    cutOffBoth();
    world.advance(Duration.ofSeconds(1));
    world.store().wipe();
    SimulatedServer c = world.server("c");
    SimulatedServer d = world.server("d");
    world.advance(Duration.ofSeconds(1));
    assertThat(c.isServing()).isFalse();
    assertThat(d.isServing()).isFalse();
    a.cutOffAlone(false);
    b.cutOffAlone(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(c.isServing()).isTrue();
    assertThat(world.watch(c, "bob").sees("alice")).isEqualTo(PresenceState.ONLINE);
  }
}
