package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stories of how it is decided that somebody has gone: late rather than wrongly. */
class VerdictTest extends TwoServerStory {

  @BeforeEach
  void befriendCarolToo() {
    world.friends("carol", "bob");
  }

  @Test
  void shouldPassNoVerdictWithoutALeasePeriodInTouch() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    a.kill();
    world.advance(Duration.ofSeconds(12));
    b.cutOffAlone(true);
    world.advance(Duration.ofSeconds(5));
    b.cutOffAlone(false);
    world.advance(Duration.ofSeconds(14));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(6));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldHoldGracePeriodsWhileOutOfTouchAndForTwoSecondsAfter() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    world.advance(Duration.ofSeconds(2));
    world.store().away();
    world.advance(Duration.ofSeconds(60));
    world.store().back();
    // At most 4.5 of the 10 seconds had run, since the last answers were good for 2.5.
    world.advance(Duration.ofMillis(7_400));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofMillis(2_600));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
  }

  @Test
  void shouldRememberALostNodeThoughTheListOfNodesFallsBack() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    world.store().save();
    a.kill();
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    world.store().listFallsBack();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream elsewhere = world.watch(c, "bob");
    assertThat(elsewhere.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
    assertThat(elsewhere.events()).isEmpty();
  }

  @Test
  void shouldGiveALiveNodeTimeToRegisterAgainWhenTheListOfNodesFallsBack() {
    SimulatedStream bob = world.watch(b, "bob");
    world.store().save();
    world.advance(Duration.ofMinutes(1));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream alice = world.watch(c, "alice");
    world.store().listFallsBack();
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldComeBackFromBeingLostWithThoseWhoSpokeLately() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream carol = a.open("carol");
    world.advance(Duration.ofSeconds(1));
    SimulatedStream alice = world.watch(a, "alice");
    long epoch = world.store().epoch(a.id());
    a.pause();
    world.advance(Duration.ofSeconds(25));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    a.resume();
    world.advance(Duration.ofSeconds(5));
    assertThat(world.store().epoch(a.id())).isGreaterThan(epoch);
    assertThat(alice.closed()).isNull();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(carol.closed()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    world.advance(Duration.ofSeconds(60));
    assertThat(world.rows()).containsExactly("alice open", "bob open", "carol closed NODE_LOST");
  }

  @Test
  void shouldCloseNobodyWhoIsSilentForAMomentWhenTheStoreWasEmptied() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = a.open("alice");
    world.advance(Duration.ofSeconds(14));
    world.store().wipe();
    world.advance(Duration.ofSeconds(4));
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldSimplyRenewALeaseThatRanOutWithoutAVerdict() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    long epoch = world.store().epoch(a.id());
    a.pause();
    world.advance(Duration.ofSeconds(10));
    a.resume();
    world.advance(Duration.ofSeconds(30));
    assertThat(world.store().epoch(a.id())).isEqualTo(epoch);
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /** What clients sent while the server stood still is read before their time is taken for over. */
  @Test
  void shouldReadItsSocketsBeforeItJudgesAfterAPause() {
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream carol = a.open("carol");
    world.advance(Duration.ofSeconds(8));
    a.pause();
    world.advance(Duration.ofSeconds(14));
    a.resume();
    world.advance(Duration.ofSeconds(9));
    assertThat(alice.closed()).isNull();
    assertThat(carol.closed()).isNull();
    world.advance(Duration.ofSeconds(4));
    assertThat(alice.closed()).isNull();
    assertThat(carol.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
  }

  @Test
  void shouldBeStaleAfterAPauseUntilItHasCaughtUp() {
    world.watch(a, "alice");
    SimulatedStream bob = world.watch(b, "bob");
    b.pause();
    world.advance(Duration.ofSeconds(3));
    b.resume();
    world.advance(Duration.ofMillis(1));
    assertThat(bob.stale()).isTrue();
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.stale()).isFalse();
  }

  @Test
  void shouldShowUnknownAndNotOfflineWhoWasHeldForTenMinutes() {
    SimulatedStream bob = world.watch(a, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    alice.cut();
    world.advance(Duration.ofMinutes(10));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(20));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.UNKNOWN);
    world.advance(Duration.ofMinutes(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.UNKNOWN);
    world.store().back();
    world.advance(Duration.ofSeconds(20));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice UNKNOWN", "alice OFFLINE");
  }

  @Test
  void shouldTellNobodyOfflineWhileANodeCannotSayWhatItKnows() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(b, "alice");
    a.partAway(true);
    SimulatedStream desktop = a.open("alice");
    world.keepAlive(desktop);
    world.advance(Duration.ofMillis(2_200));
    // Node a says by now that it is behind: perhaps with what keeps Alice online.
    alice.signOut();
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(25));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldAskForHeadsTenTimesASecondHoweverManyLeave() {
    List<SimulatedStream> crowd = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      crowd.add(a.open("user" + i));
    }
    world.advance(Duration.ofSeconds(2));
    long before = world.store().readingsOfHeads();
    for (SimulatedStream one : crowd) {
      one.signOut();
      world.advance(Duration.ofMillis(10));
    }
    // Three seconds, two servers; and a last one each.
    assertThat(world.store().readingsOfHeads() - before).isBetween(20L, 62L);
  }

  @Test
  void shouldNotRenewWhenBehindForMoreThanFiveSeconds() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.partAway(true);
    a.open("dave");
    // Five seconds until it gives up, then lease and handover; its clients are asked to move.
    world.advance(Duration.ofMillis(18_500));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(6));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(alice.askedToMove()).isTrue();
  }

  /** What node a had to say when it died, it will never say. */
  @Test
  void shouldNotWaitForTheWordOfANodeThatWasBehindWhenItDied() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream carol = world.watch(b, "carol");
    world.watch(a, "alice");
    a.partAway(true);
    a.open("dave");
    world.advance(Duration.ofMillis(2_200));
    a.kill();
    carol.signOut();
    world.advance(Duration.ofMillis(3_500));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(3));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  /** Node a was lost, came back and died; the store remembers but that it was lost. */
  private void diesWithAnOldMark() {
    a.pause();
    world.advance(Duration.ofSeconds(17));
    assertThat(world.count(Rule.MARKED_LOST)).isPositive();
    world.store().save();
    a.resume();
    world.advance(Duration.ofSeconds(10));
    world.watch(a, "alice");
    a.kill();
    world.advance(Duration.ofMillis(100)); // its last words arrive
    world.store().listFallsBack();
  }

  @Test
  void shouldGiveUpANodeOfWhichTheStoreRemembersButAnOldMark() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream carol = world.watch(b, "carol");
    diesWithAnOldMark();
    carol.cut();
    world.advance(Duration.ofSeconds(13));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(4));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.events())
        .containsExactly("carol ONLINE", "alice ONLINE", "carol OFFLINE", "alice OFFLINE");
  }

  @Test
  void shouldNotBeginToServeWhileAnotherCountsANodeOfWhichTheStoreRemembersButAnOldMark() {
    SimulatedStream bob = world.watch(b, "bob");
    diesWithAnOldMark();
    world.advance(Duration.ofSeconds(1));
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(c.isServing()).isFalse();
    world.advance(Duration.ofSeconds(12));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(c.isServing()).isTrue();
  }

  /** Its last word came in the pause: the pause is no reason to wait for another one for longer. */
  @Test
  void shouldGiveAClientThatVanishedWhileItsServerStoodStillOneTimeoutAndNoMore() {
    SimulatedStream alice = a.open("alice");
    world.advance(Duration.ofSeconds(8));
    a.pause();
    world.advance(Duration.ofSeconds(2));
    alice.heartbeat();
    world.advance(Duration.ofSeconds(10));
    a.resume();
    world.advance(Duration.ofSeconds(19));
    assertThat(alice.closed()).isNull();
    world.advance(Duration.ofSeconds(2));
    assertThat(alice.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
  }

  /** What was asked before the outage is no answer after it: meanwhile Carol was greeted on a. */
  @Test
  void shouldAskAgainAfterAnOutageBeforeItTellsWhoWasLeavingBeforeIt() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream carol = world.watch(b, "carol");
    world.store().mute(a.id());
    a.open("dave");
    world.advance(Duration.ofMillis(20));
    carol.signOut();
    world.advance(Duration.ofMillis(150)); // b knows by now that something of a is missing
    world.store().away();
    world.advance(Duration.ofSeconds(10));
    SimulatedStream again = a.open("carol");
    world.keepAlive(again);
    world.advance(Duration.ofSeconds(1));
    assertThat(again.greeted()).isTrue();
    world.store().unmute(a.id());
    world.store().back();
    world.advance(Duration.ofSeconds(20));
    assertThat(bob.events()).containsExactly("carol ONLINE");
  }

  /** While b waits for what it lacks of a, Carol comes to c, and b does not hear of that either. */
  @Test
  void shouldReadTheHeadsAgainWhenItTookLongToReachThem() {
    SimulatedServer c = world.server("c");
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream carol = world.watch(b, "carol");
    world.advance(Duration.ofSeconds(20));
    world.store().mute(a.id());
    world.store().mute(c.id());
    world.keepAlive(a.open("dave"));
    world.advance(Duration.ofMillis(20));
    carol.signOut();
    world.advance(Duration.ofMillis(200));
    world.keepAlive(c.open("carol"));
    world.advance(Duration.ofSeconds(10));
    assertThat(bob.events()).containsExactly("carol ONLINE");
  }

  /** By the records, Alice's server is gone since long, and b too; but b is about to come back. */
  @Test
  void shouldNotBeginToServeAfterAnOutageBeforeThoseWhoCountMoreHadTheTimeToSaySo() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    a.kill();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(11));
    world.store().back();
    for (int i = 0; i < 14; i++) {
      assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
      assertThat(c.isServing()).isFalse();
      world.advance(Duration.ofSeconds(1));
    }
    world.advance(Duration.ofSeconds(4));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(c.isServing()).isTrue();
  }
}
