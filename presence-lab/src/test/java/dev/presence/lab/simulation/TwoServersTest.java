package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The story of two friends on two servers, with every fault that one line can make. */
class TwoServersTest extends TwoServerStory {

  @Test
  void shouldShowOnlineAtOnceAcrossServers() {
    SimulatedStream bob = world.watch(b, "bob");
    a.open("alice");
    world.advance(Duration.ofMillis(20));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldListInTheSnapshotWhoIsOnlineAlready() {
    world.watch(a, "alice");
    SimulatedStream bob = world.watch(b, "bob");
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(bob.events()).isEmpty();
  }

  @Test
  void shouldShowNothingForTheGracePeriodAndThenLastSeen() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    long lastSign = world.nowMillis();
    alice.heartbeat();
    world.advance(Duration.ofSeconds(3));
    alice.cut();
    world.advance(Duration.ofMillis(9_900));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofMillis(600));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.lastSeenMillis("alice")).isBetween(lastSign - 5, lastSign + 5);
    assertThat(world.rows()).containsExactly("alice closed CONNECTION_LOST", "bob open");
  }

  @Test
  void shouldCauseNoEventWhenReconnectingWithinGraceOnEitherServer() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    world.advance(Duration.ofSeconds(8));
    SimulatedStream elsewhere = b.resume("alice", alice.session(), 2);
    world.keepAlive(elsewhere);
    world.advance(Duration.ofSeconds(8));
    elsewhere.cut();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream back = a.resume("alice", alice.session(), 3);
    world.keepAlive(back);
    world.advance(Duration.ofSeconds(60));
    assertThat(elsewhere.resumed()).isTrue();
    assertThat(back.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.rows()).containsExactly("alice open", "bob open");
  }

  @Test
  void shouldReplaceAStreamThatIsStillOpenWhenItsClientHasMoved() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream moved = b.resume("alice", alice.session(), 2);
    world.keepAlive(moved);
    world.advance(Duration.ofMillis(200));
    assertThat(alice.closed()).isEqualTo(CloseReason.REPLACED);
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldRefuseAnAttemptThatIsNotHigher() {
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream again = b.resume("alice", alice.session(), 1);
    world.advance(Duration.ofMillis(200));
    assertThat(again.closed()).isEqualTo(CloseReason.REPLACED);
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldCountOnFromTheAttemptThatBeganASessionInPlaceOfAnother() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    alice.cut();
    world.advance(Duration.ofSeconds(15));
    SimulatedStream late = b.resume("alice", alice.session(), 5);
    world.advance(Duration.ofSeconds(1));
    assertThat(late.resumed()).isFalse();
    late.cut();
    SimulatedStream next = a.resume("alice", late.session(), 6);
    world.keepAlive(next);
    world.advance(Duration.ofSeconds(20));
    assertThat(next.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE", "alice ONLINE");
  }

  @Test
  void shouldBeginANewSessionWhenTheOldOneHasEnded() {
    SimulatedStream alice = world.watch(a, "alice");
    alice.signOut();
    world.advance(Duration.ofSeconds(1));
    SimulatedStream later = b.resume("alice", alice.session(), 2);
    world.advance(Duration.ofSeconds(1));
    assertThat(later.resumed()).isFalse();
    assertThat(later.session()).isNotEqualTo(alice.session());
  }

  @Test
  void shouldNotLetAnotherUserTakeASessionOver() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    SimulatedStream mallory = a.resume("mallory", alice.session(), 1_000);
    SimulatedStream eve = b.resume("eve", alice.session(), 1_000);
    world.advance(Duration.ofSeconds(60));
    assertThat(mallory.resumed()).isFalse();
    assertThat(eve.resumed()).isFalse();
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    SimulatedStream moved = b.resume("alice", alice.session(), 2);
    world.advance(Duration.ofSeconds(1));
    assertThat(moved.resumed()).isTrue();
  }

  @Test
  void shouldShowASignOutWithinASecond() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    alice.signOut();
    world.advance(Duration.ofMillis(300));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(alice.closed()).isEqualTo(CloseReason.SIGNED_OUT);
  }

  @Test
  void shouldStayOnlineUntilTheLastDeviceIsGone() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream phone = world.watch(a, "alice");
    SimulatedStream desktop = world.watch(b, "alice");
    phone.signOut();
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    desktop.signOut();
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.events()).containsExactly("alice ONLINE", "alice OFFLINE");
  }

  @Test
  void shouldMergeActivityAndKeepTheWishAcrossDevicesAndSessions() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream phone = world.watch(a, "alice");
    SimulatedStream desktop = world.watch(b, "alice");
    phone.attachment().updateStatus(Activity.AWAY, null, 0);
    world.advance(Duration.ofMillis(100));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    desktop.attachment().updateStatus(Activity.AWAY, null, 0);
    world.advance(Duration.ofMillis(100));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
    phone.attachment().updateStatus(null, Availability.BUSY, 0);
    world.advance(Duration.ofMillis(100));
    phone.signOut();
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
    desktop.signOut();
    world.advance(Duration.ofSeconds(1));
    world.watch(a, "alice");
    assertThat(bob.events())
        .containsExactly("alice ONLINE", "alice AWAY", "alice BUSY", "alice OFFLINE", "alice BUSY");
  }

  @Test
  void shouldKeepAWishThatIsNotInTheHistoryYet() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream first = world.watch(a, "alice");
    world.databaseAway();
    first.attachment().updateStatus(null, Availability.BUSY, 0);
    first.signOut();
    SimulatedStream second = world.watch(b, "alice");
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.BUSY);
    second.attachment().updateStatus(null, Availability.AVAILABLE, 0);
    second.signOut();
    world.advance(Duration.ofMinutes(5));
    world.watch(a, "alice");
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldNotLetAnOldWishThatIsSentAgainOverrideANewerOne() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream phone = world.watch(a, "alice");
    SimulatedStream desktop = world.watch(b, "alice");
    phone.attachment().updateStatus(null, Availability.BUSY, 0);
    world.advance(Duration.ofSeconds(2));
    desktop.attachment().updateStatus(null, Availability.AVAILABLE, 0);
    world.advance(Duration.ofSeconds(2));
    phone.attachment().updateStatus(null, Availability.BUSY, world.nowMillis() - 4_000);
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldTakeASilentClientOfflineAfterTimeoutAndGrace() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = a.open("alice");
    world.advance(Duration.ofSeconds(29));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    assertThat(alice.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldForgiveAKilledServerThoseWhoComeBackAndNobodyElse() {
    world.friends("carol", "bob");
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.watch(a, "carol");
    long killed = world.nowMillis();
    a.kill();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream back = b.resume("alice", alice.session(), 2);
    world.keepAlive(back);
    world.advance(Duration.ofSeconds(9));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.sees("carol")).isEqualTo(PresenceState.OFFLINE);
    assertThat(bob.lastSeenMillis("carol")).isBetween(killed - 2_000, killed + 1_000);
    assertThat(back.resumed()).isTrue();
    assertThat(bob.events())
        .containsExactlyInAnyOrder("alice ONLINE", "carol ONLINE", "carol OFFLINE");
  }

  @Test
  void shouldSurviveAnEmptiedStoreWithoutAFalseEvent() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    world.store().wipe();
    world.advance(Duration.ofSeconds(2));
    SimulatedStream secondDevice = world.watch(b, "alice");
    secondDevice.signOut();
    world.advance(Duration.ofSeconds(60));
    assertThat(bob.events()).containsExactly("alice ONLINE");
    a.open("carol");
    world.advance(Duration.ofSeconds(1));
    assertThat(world.server("c").open("dave")).isNotNull();
  }

  @Test
  void shouldGiveUpANodeThatDiedAndWhoseRecordWasWiped() {
    SimulatedStream bob = world.watch(b, "bob");
    world.watch(a, "alice");
    a.kill();
    world.store().wipe();
    world.advance(Duration.ofSeconds(14));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(6));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    SimulatedStream carol = world.watch(b, "carol");
    carol.cut();
    world.advance(Duration.ofSeconds(11));
    assertThat(world.rows()).contains("carol closed CONNECTION_LOST");
  }

  @Test
  void shouldTakeNobodyOfflineWhileTheStoreIsAwayAndSayThatItIsStale() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    assertThat(bob.stale()).isTrue();
    alice.cut();
    world.advance(Duration.ofSeconds(40));
    SimulatedStream newcomer = b.open("dave");
    world.keepAlive(newcomer);
    world.advance(Duration.ofMillis(100));
    assertThat(newcomer.greeted()).isTrue();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    SimulatedStream back = a.resume("alice", alice.session(), 2);
    world.keepAlive(back);
    world.advance(Duration.ofSeconds(20));
    world.store().back();
    world.advance(Duration.ofSeconds(30));
    assertThat(bob.stale()).isFalse();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldNoticeLostMessagesWithinTwoRenewals() {
    SimulatedStream bob = world.watch(b, "bob");
    world.store().mute(new NodeId("a"));
    world.watch(a, "alice");
    world.advance(Duration.ofSeconds(3));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldNotShowAFalseOfflineWhenTheNewOwnersMessageIsLost() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream alice = world.watch(a, "alice");
    world.store().mute(new NodeId("c"));
    SimulatedStream moved = c.resume("alice", alice.session(), 2);
    world.keepAlive(moved);
    // The old owner learns of the move only by reading; its drop is heard at once.
    world.advance(Duration.ofSeconds(30));
    world.store().unmute(new NodeId("c"));
    world.advance(Duration.ofSeconds(5));
    assertThat(moved.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
  }

  @Test
  void shouldCostTheStoreNothingToHeartbeat() {
    SimulatedStream alice = world.watch(a, "alice");
    world.advance(Duration.ofSeconds(5));
    int quiet = world.operationsDuring(Duration.ofSeconds(10), () -> {});
    int busy =
        world.operationsDuring(
            Duration.ofSeconds(10),
            () -> {
              for (int i = 0; i < 1_000; i++) {
                alice.heartbeat();
              }
            });
    assertThat(busy).isEqualTo(quiet);
  }

  @Test
  void shouldBeTheSameRunEachTime() {
    assertThat(story(7)).isEqualTo(story(7)).isNotEqualTo(story(8));
  }

  private static String story(long seed) {
    SimulatedWorld world = new SimulatedWorld(seed);
    world.friends("alice", "bob");
    SimulatedServer a = world.server("a");
    SimulatedServer b = world.server("b");
    world.advance(Duration.ofSeconds(10));
    SimulatedStream bob = b.open("bob");
    SimulatedStream alice = a.open("alice");
    world.advance(Duration.ofSeconds(1));
    a.kill();
    world.advance(Duration.ofSeconds(60));
    return bob.events() + " " + alice.session() + " " + world.rows() + world.operations();
  }
}
