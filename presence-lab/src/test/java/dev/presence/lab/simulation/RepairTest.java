package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Head;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stories of what the store or its topics lose, and of how servers make good for it. */
class RepairTest extends TwoServerStory {

  @BeforeEach
  void befriendCarolToo() {
    world.friends("carol", "bob");
  }

  private Head headOfA() {
    return Objects.requireNonNull(world.store().head(a.id()));
  }

  @Test
  void shouldFillAGapFromTheStream() {
    SimulatedStream bob = world.watch(b, "bob");
    long readInFull = world.count(Rule.READ_IN_FULL);
    world.store().mute(a.id());
    a.open("alice");
    world.advance(Duration.ofMillis(100));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    world.store().unmute(a.id());
    a.open("carol");
    world.advance(Duration.ofMillis(20));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.ONLINE);
    assertThat(world.count(Rule.READ_IN_FULL)).isEqualTo(readInFull);
  }

  @Test
  void shouldReadAllOfANodeWhoseStreamWasTrimmed() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    long readInFull = world.count(Rule.READ_IN_FULL);
    world.store().mute(a.id());
    for (int i = 0; i < 25; i++) {
      alice.updateStatus(i % 2 == 0 ? Activity.AWAY : Activity.ACTIVE, null);
      world.advance(Duration.ofMillis(10));
    }
    a.open("carol");
    world.advance(Duration.ofMillis(150));
    world.store().unmute(a.id());
    alice.updateStatus(Activity.AWAY, null);
    world.advance(Duration.ofMillis(50));
    assertThat(world.count(Rule.READ_IN_FULL)).isGreaterThan(readInFull);
    assertThat(bob.events())
        .containsExactlyInAnyOrder("alice ONLINE", "carol ONLINE", "alice AWAY");
  }

  /** Whenever the message is lost between the renewals of the two servers. */
  @Test
  void shouldNoticeALostLastMessageWithinThreeRenewals() {
    world.store().mute(a.id());
    long longest = 0;
    for (int phase = 0; phase < 1_000; phase += 190) {
      world.advance(Duration.ofMillis(1_000 - world.nowMillis() % 1_000 + phase));
      SimulatedServer c = world.server("c" + phase);
      world.advance(Duration.ofSeconds(5));
      for (int offset = 0; offset < 1_000; offset += 90) {
        longest = Math.max(longest, millisUntilSeen(c));
        world.advance(Duration.ofMillis(10_000 + offset));
      }
      c.kill();
    }
    assertThat(longest).isLessThan(3_100);
  }

  private long millisUntilSeen(SimulatedServer by) {
    SimulatedStream bob = world.watch(by, "bob");
    SimulatedStream alice = a.open("alice");
    long opened = world.nowMillis();
    while (bob.sees("alice") != PresenceState.ONLINE) {
      world.advance(Duration.ofMillis(10));
    }
    alice.signOut();
    bob.signOut();
    return world.nowMillis() - opened;
  }

  @Test
  void shouldBuildATopicClientAnewThatHasGoneDeaf() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().deafen(b.id());
    for (int i = 0; i < 20; i++) {
      alice.updateStatus(i % 2 == 0 ? Activity.AWAY : Activity.ACTIVE, null);
      world.advance(Duration.ofMillis(500));
    }
    assertThat(world.count(Rule.TOPIC_REBUILT)).isEqualTo(1);
    alice.updateStatus(Activity.AWAY, null);
    world.advance(Duration.ofMillis(20));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
  }

  @Test
  void shouldCheckForGapsWhenItsSubscriptionIsThereAgain() {
    SimulatedStream bob = world.watch(b, "bob");
    world.store().deafen(b.id());
    a.open("alice");
    world.advance(Duration.ofMillis(50));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    world.store().hear(b.id());
    b.subscribeAnew();
    world.advance(Duration.ofMillis(20));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldWriteItsPartInANewEpochWhenAPublishIsRefused() {
    SimulatedStream bob = world.watch(b, "bob");
    world.store().save();
    world.watch(a, "alice");
    Head before = headOfA();
    world.store().partFallsBack(a.id());
    SimulatedStream carol = a.open("carol");
    world.advance(Duration.ofMillis(100));
    assertThat(carol.greeted()).isTrue();
    assertThat(headOfA().position().epoch()).isEqualTo(before.position().epoch() + 1);
    assertThat(headOfA().position().seq()).isGreaterThan(before.position().seq());
    world.advance(Duration.ofSeconds(15));
    assertThat(bob.events()).containsExactly("alice ONLINE", "carol ONLINE");
  }

  @Test
  void shouldWriteItsPartInANewEpochThoughItHasNothingToSay() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    Head before = headOfA();
    world.store().losePart(a.id());
    world.advance(Duration.ofMillis(1_100));
    assertThat(headOfA().position().epoch()).isEqualTo(before.position().epoch() + 1);
    assertThat(headOfA().position().seq()).isGreaterThan(before.position().seq());
    assertThat(world.store().sessions(a.id())).isEqualTo(1);
    world.advance(Duration.ofSeconds(15));
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldLeaveALowerHeadToItsOwner() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    Head before = headOfA();
    a.pause();
    world.store().losePart(a.id());
    world.advance(Duration.ofSeconds(4));
    assertThat(world.store().head(a.id())).isNull();
    a.resume();
    world.advance(Duration.ofSeconds(5));
    assertThat(headOfA().position().epoch()).isEqualTo(before.position().epoch() + 1);
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldWaitForAPartThatIsBeingBuiltButNotOnceTheLeaseOfItsNodeIsOver() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    SimulatedStream carol = world.watch(b, "carol");
    world.advance(Duration.ofMillis(1_010));
    a.pause();
    world.store().beginsPart(a.id(), headOfA().position().epoch() + 1);
    carol.signOut();
    world.advance(Duration.ofMillis(3_500));
    // Perhaps node a is about to say that Carol is there.
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(6));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldWaitForItsNodeToBeLostWhereSomethingOfAPartThatIsBeingBuiltIsMissing() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    SimulatedStream carol = world.watch(b, "carol");
    world.store().mute(a.id());
    a.open("dave");
    world.advance(Duration.ofMillis(1_010));
    a.pause();
    world.store().beginsPart(a.id(), headOfA().position().epoch() + 1);
    carol.signOut();
    world.advance(Duration.ofMillis(9_500));
    // What is missing may be that Carol is there.
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(10));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
  }

  /** Its node may be cut off alone, with clients who are to come here. */
  @Test
  void shouldNotBeginToServeOnHalfAPartBeforeItsNodeIsLost() {
    world.watch(a, "alice");
    b.kill();
    a.pause();
    world.store().beginsPart(a.id(), headOfA().position().epoch() + 1);
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(13));
    assertThat(c.isServing()).isFalse();
    world.advance(Duration.ofSeconds(4));
    assertThat(c.isServing()).isTrue();
  }

  /** Node b was there before, and knows of Alice; the new one could read but a beginning. */
  @Test
  void shouldNotBeginToServeWhileAnotherKnowsMoreOfANodeWhosePartIsHalfWritten() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    a.pause();
    world.store().beginsPart(a.id(), headOfA().position().epoch() + 1);
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(14));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(c.isServing()).isFalse();
    world.advance(Duration.ofSeconds(3));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(c.isServing()).isTrue();
  }

  /** B had given A up, stood still while A came back, and can read but a beginning of it since. */
  @Test
  void shouldBeStaleOnABeginningOfANodeThatCameBackUnnoticed() {
    a.cutOffAlone(true);
    world.advance(Duration.ofSeconds(20));
    b.pause();
    a.cutOffAlone(false);
    world.advance(Duration.ofSeconds(4));
    world.watch(a, "alice");
    a.pause();
    world.store().beginsPart(a.id(), headOfA().position().epoch() + 1);
    b.resume();
    world.advance(Duration.ofSeconds(9));
    assertThat(b.freshness().stale()).isTrue();
    world.advance(Duration.ofSeconds(10));
    assertThat(b.freshness().stale()).isFalse();
  }

  /** An older renewal shows an older head, but a newer lease. */
  @Test
  void shouldNotTakeALateRenewalForALossOfHistory() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(b, "alice");
    alice.cut();
    for (int i = 0; i < 3; i++) {
      a.isExecutedLate(true);
      world.advance(Duration.ofSeconds(1));
      a.isExecutedLate(false);
      a.open("user" + i);
      world.advance(Duration.ofSeconds(2));
    }
    world.advance(Duration.ofMillis(900));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofMillis(500));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  /** Six hundred sessions are two chunks; after the first, the store forgets that it had it. */
  @Test
  void shouldBeginAgainWhenTheStoreFallsBackBetweenTwoChunks() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    for (int i = 0; i < 600; i++) {
      world.keepAlive(a.open("user" + i));
    }
    world.advance(Duration.ofSeconds(2));
    assertThat(world.store().sessions(a.id())).isEqualTo(601);
    Head before = headOfA();
    long refused = world.count(Rule.REWRITE_REFUSED);
    world.store().losePart(a.id());
    while (world.store().head(a.id()) == null) {
      world.advance(Duration.ofMillis(1));
    }
    world.store().save();
    while (world.store().sessions(a.id()) == 0) {
      world.advance(Duration.ofMillis(1));
    }
    assertThat(headOfA().building()).isTrue();
    world.store().partFallsBack(a.id());
    world.advance(Duration.ofSeconds(1));
    assertThat(world.count(Rule.REWRITE_REFUSED)).isEqualTo(refused + 1);
    assertThat(headOfA().building()).isFalse();
    assertThat(headOfA().position().epoch()).isEqualTo(before.position().epoch() + 2);
    assertThat(world.store().sessions(a.id())).isEqualTo(601);
    world.advance(Duration.ofSeconds(15));
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /** Each change set is written once, whatever became of the answer. */
  @Test
  void shouldTryAChangeSetAgainUntilAnAnswerComes() {
    SimulatedStream bob = world.watch(b, "bob");
    Head before = headOfA();
    a.loseAnswers(true);
    SimulatedStream alice = a.open("alice");
    world.advance(Duration.ofMillis(1_500));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(alice.greeted()).isFalse();
    a.loseAnswers(false);
    world.advance(Duration.ofMillis(1_200));
    assertThat(alice.greeted() || alice.closed() != null).isTrue();
    assertThat(world.count(Rule.PUBLISH_REPEATED)).isPositive();
    assertThat(headOfA().position().epoch()).isEqualTo(before.position().epoch());
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  /**
   * The store was emptied just when b came back to it, and node a cannot say again what b missed.
   */
  @Test
  void shouldBeStaleWhereTheStoreLostWhatWasSaidWhileItWasCutOff() {
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(5));
    SimulatedStream bob = world.watch(c, "bob");
    b.cutOffAlone(true);
    world.advance(Duration.ofSeconds(5));
    SimulatedStream alice = world.watch(a, "alice");
    world.advance(Duration.ofMillis(200)); // no renewal is under way
    a.pause();
    world.store().wipe();
    b.cutOffAlone(false);
    world.advance(Duration.ofSeconds(8));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(b.freshness().stale()).isTrue();
    a.resume();
    world.advance(Duration.ofSeconds(4));
    assertThat(b.freshness().stale()).isFalse();
    assertThat(world.watch(b, "bob").sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(alice.closed()).isNull();
  }

  /** Node a is lost since long, and nobody counts it: nothing is missing. */
  @Test
  void shouldNotBeStaleForANodeThatWasFinishedWhileItWasCutOff() {
    SimulatedServer c = world.server("c");
    world.watch(a, "alice");
    b.cutOffAlone(true);
    a.kill();
    world.advance(Duration.ofSeconds(60));
    b.cutOffAlone(false);
    world.advance(Duration.ofSeconds(8));
    assertThat(c.freshness().stale()).isFalse();
    assertThat(b.freshness().stale()).isFalse();
  }
}
