package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Activity;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.PresenceState;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.SessionCall.Heartbeat;
import dev.presence.server.session.SessionCall.Leave;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.server.session.SessionCall.SignOut;
import dev.presence.server.session.SessionCall.Status;
import dev.presence.server.session.SessionCall.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alice sits at a browser on server a, Bob watches from server b; calls land on either. */
class PagesTest extends TwoServerStory {

  private static final Heartbeat SEEN = new Heartbeat(false);
  private static final Heartbeat HIDDEN = new Heartbeat(true);

  private SimulatedStream alice;
  private SimulatedStream bob;
  private final List<Long> pings = new ArrayList<>();

  @BeforeEach
  void comeIn() {
    bob = b.open("bob");
    world.keepAlive(bob);
    alice = a.page("alice", Entry.PAGE);
    alice.onPing(pings::add);
    world.advance(Duration.ofMillis(500));
  }

  private Reception call(SimulatedServer server, int attempt, Verb verb) {
    var reception = server.call("alice", alice.session(), attempt, verb);
    world.advance(Duration.ofMillis(20));
    return reception.getNow(Reception.UNREACHABLE);
  }

  /** Answers each ping from now on by a call that lands on this server. */
  private void answerPings(SimulatedServer server, Heartbeat heartbeat) {
    answerPings(server, 1, heartbeat);
  }

  private void answerPings(SimulatedServer server, int attempt, Heartbeat heartbeat) {
    alice.onPing(
        ping -> {
          var _ = server.call("alice", alice.session(), attempt, heartbeat);
        });
  }

  @Test
  void shouldPingEachEightSecondsAndTimeOutWithoutAnAnswer() {
    world.advance(Duration.ofSeconds(19));
    assertThat(pings).containsExactly(1L, 2L);
    assertThat(alice.closed()).isNull();
    world.advance(Duration.ofSeconds(1));
    assertThat(alice.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
    world.advance(Duration.ofSeconds(11));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldCountAHeartbeatThatLandsOnAnotherServer() {
    answerPings(b, SEEN);
    long before = world.told();
    world.advance(Duration.ofMinutes(5));
    assertThat(alice.closed()).isNull();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.told() - before).isEqualTo(37);
  }

  @Test
  void shouldTellTheStoreNothingOfHeartbeats() {
    call(a, 1, new SignOut());
    world.advance(Duration.ofMinutes(1));
    int idle = world.operationsDuring(Duration.ofMinutes(1), () -> {});
    alice = a.page("alice", Entry.PAGE);
    answerPings(b, SEEN);
    world.advance(Duration.ofMinutes(1));
    assertThat(world.operationsDuring(Duration.ofMinutes(1), () -> {})).isEqualTo(idle);
    assertThat(alice.closed()).isNull();
  }

  @Test
  void shouldShowAHiddenPageAwayAndGiveItMoreTime() {
    assertThat(call(b, 1, HIDDEN)).isEqualTo(Reception.TAKEN);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
    world.advance(Duration.ofSeconds(74));
    assertThat(alice.closed()).isNull();
    world.advance(Duration.ofSeconds(2));
    assertThat(alice.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
  }

  @Test
  void shouldExpectSignsOfLifeSoonAgainOnceThePageIsSeen() {
    call(a, 1, HIDDEN);
    world.advance(Duration.ofSeconds(50));
    call(a, 1, SEEN);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(21));
    assertThat(alice.closed()).isEqualTo(CloseReason.HEARTBEAT_TIMEOUT);
  }

  @Test
  void shouldBeginAwayWhenThePageIsHiddenAtFirst() {
    SimulatedStream hidden = a.page("alice", alice.session(), 2, Entry.HIDDEN_PAGE);
    world.advance(Duration.ofMillis(200));
    assertThat(hidden.resumed()).isTrue();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
  }

  @Test
  void shouldKeepTheActivityThroughHiding() {
    assertThat(call(b, 1, new Status(Activity.AWAY, null, 0))).isEqualTo(Reception.TAKEN);
    call(a, 1, HIDDEN);
    call(a, 1, SEEN);
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.AWAY);
    call(b, 1, new Status(Activity.ACTIVE, null, 0));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldBeginTheGracePeriodWhenThePageLeaves() {
    assertThat(call(b, 1, new Leave())).isEqualTo(Reception.TAKEN);
    assertThat(alice.closed()).isEqualTo(CloseReason.CONNECTION_LOST);
    world.advance(Duration.ofMillis(9_900));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofMillis(600));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldTakeALeaveThatComesAfterTheStreamsEnd() {
    alice.cut();
    world.advance(Duration.ofSeconds(1));
    assertThat(call(b, 1, new Leave())).isEqualTo(Reception.TAKEN);
    world.advance(Duration.ofMillis(8_500));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldShowASignOutWithinASecondEvenInTheGracePeriod() {
    alice.cut();
    world.advance(Duration.ofSeconds(1));
    assertThat(call(b, 1, new SignOut())).isEqualTo(Reception.TAKEN);
    world.advance(Duration.ofMillis(900));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(world.rows()).containsExactly("alice closed SIGNED_OUT", "bob open");
    assertThat(call(b, 1, SEEN)).isEqualTo(Reception.NOT_FOUND);
  }

  @Test
  void shouldNotLetAnOpenThatIsStillOnItsWayBringASignedOutSessionBack() {
    alice.cut();
    call(b, 2, new SignOut());
    world.advance(Duration.ofSeconds(1));
    SimulatedStream late = a.page("alice", alice.session(), 2, Entry.PAGE);
    world.advance(Duration.ofMillis(200));
    assertThat(late.closed()).isEqualTo(CloseReason.REPLACED);
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    assertThat(world.rows()).containsExactly("alice closed SIGNED_OUT", "bob open");
  }

  @Test
  void shouldSignOutThoughAnOlderStreamIsStillUpAndANewerOpenIsOnItsWay() {
    assertThat(call(b, 2, new SignOut())).isEqualTo(Reception.TAKEN);
    assertThat(alice.closed()).isEqualTo(CloseReason.SIGNED_OUT);
    world.advance(Duration.ofSeconds(1));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    SimulatedStream late = b.page("alice", alice.session(), 2, Entry.PAGE);
    world.advance(Duration.ofSeconds(1));
    assertThat(late.greeted()).isFalse();
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldLeaveThoughAnOlderStreamIsStillUpAndANewerOpenIsOnItsWay() {
    assertThat(call(a, 2, new Leave())).isEqualTo(Reception.TAKEN);
    assertThat(alice.closed()).isEqualTo(CloseReason.CONNECTION_LOST);
    world.advance(Duration.ofSeconds(11));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
  }

  /** Hello is said when the store has the session: before a lost message is made up for. */
  @Test
  void shouldFindASessionThatHasNotBeenHeardOfYet() {
    world.store().mute(a.id());
    SimulatedStream fresh = a.page("alice", Entry.PAGE);
    world.advance(Duration.ofMillis(300));
    assertThat(fresh.greeted()).isTrue();
    var signOut = b.call("alice", fresh.session(), 1, new SignOut());
    world.advance(Duration.ofMillis(900));
    assertThat(signOut).isCompletedWithValue(Reception.TAKEN);
    assertThat(fresh.closed()).isEqualTo(CloseReason.SIGNED_OUT);
  }

  @Test
  void shouldNotWaitForTheStoreForLong() {
    world.store().mute(a.id());
    SimulatedStream fresh = a.page("alice", Entry.PAGE);
    world.advance(Duration.ofMillis(300));
    world.store().away();
    var heartbeat = b.call("alice", fresh.session(), 1, SEEN);
    world.advance(Duration.ofMillis(2_100));
    assertThat(heartbeat).isCompletedWithValue(Reception.UNREACHABLE);
  }

  /** The new owner's word has not come here yet: who holds the session cannot be told now. */
  @Test
  void shouldNotSpeakForASessionThatMovedBeforeThatIsHeardOf() {
    world.store().deafen(a.id());
    SimulatedStream moved = b.page("alice", alice.session(), 2, Entry.PAGE);
    world.advance(Duration.ofMillis(50));
    assertThat(moved.resumed()).isTrue();
    assertThat(call(a, 2, SEEN)).isEqualTo(Reception.UNREACHABLE);
    alice.cut();
    world.advance(Duration.ofMillis(20));
    assertThat(call(a, 2, SEEN)).isEqualTo(Reception.UNREACHABLE);
    assertThat(call(b, 2, SEEN)).isEqualTo(Reception.TAKEN);
  }

  @Test
  void shouldSayWhatBecameOfASession() {
    var eves = a.call("eve", alice.session(), 1, new SignOut());
    world.advance(Duration.ofMillis(300));
    assertThat(eves).isCompletedWithValue(Reception.NOT_FOUND);
    assertThat(alice.closed()).isNull();

    SimulatedStream moved = b.page("alice", alice.session(), 2, Entry.PAGE);
    world.advance(Duration.ofMillis(200));
    assertThat(moved.resumed()).isTrue();
    assertThat(call(a, 1, SEEN)).isEqualTo(Reception.REPLACED);
    assertThat(call(a, 2, SEEN)).isEqualTo(Reception.TAKEN);
    moved.cut();
    world.advance(Duration.ofMillis(200));
    assertThat(call(a, 2, SEEN)).isEqualTo(Reception.SUSPENDED);
    b.kill();
    assertThat(call(a, 2, SEEN)).isEqualTo(Reception.UNREACHABLE);
  }

  @Test
  void shouldNotSayThatASessionIsUnknownWhileNotAllIsKnown() {
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream carol = a.page("carol", Entry.PAGE);
    world.advance(Duration.ofMillis(200));
    assertThat(carol.greeted()).isTrue();
    var told = b.call("carol", carol.session(), 1, SEEN);
    world.advance(Duration.ofMillis(20));
    assertThat(told).isCompletedWithValue(Reception.UNREACHABLE);
  }
}
