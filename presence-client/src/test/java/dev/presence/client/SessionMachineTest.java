package dev.presence.client;

import static dev.presence.client.Words.closed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.ClientMessage.KindCase;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Open;
import dev.presence.v1.ReconnectAdvice;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each rule of a live session, by a clock that the test moves. */
class SessionMachineTest {

  @Nested
  class Opening {
    @Test
    void shouldOpenANewSessionAtOnce() {
      Played played = new Played();

      played.machine.connect();

      Open open = played.stream().open();
      assertThat(open.getSessionId()).isEmpty();
      assertThat(open.getAttempt()).isEqualTo(1);
      assertThat(open.getDevice()).isEqualTo("test");
      assertThat(open.getClientVersion()).isEqualTo("1.0");
      assertThat(open.getActivity()).isEqualTo(dev.presence.v1.Activity.ACTIVITY_ACTIVE);
      assertThat(played.told.news()).containsExactly("CONNECTING");
    }

    @Test
    void shouldBeLiveFromHelloOn() {
      Played played = new Played();
      played.machine.connect();

      played.stream().hello("s1", false);

      assertThat(played.told.hellos).containsExactly("s1 new");
      assertThat(played.told.news()).containsExactly("CONNECTING", "LIVE");
      assertThat(played.machine.standing().state().isConnected()).isTrue();
    }

    @Test
    void shouldGoByTheServersClock() {
      Played played = Played.live();

      played.loop.advance(1_500);

      assertThat(played.machine.standing().serverNow(Instant.EPOCH))
          .isEqualTo(Instant.ofEpochSecond(Words.SERVER_TIME_SECONDS).plusMillis(1_500));
    }

    @Test
    void shouldTakeASilentServerForDeadAfterThreeSeconds() {
      Played played = new Played();
      played.machine.connect();

      played.loop.advance(2_999);
      assertThat(played.stream().cancelled).isFalse();
      played.loop.advance(1);

      assertThat(played.transport.streams.get(0).cancelled).isTrue();
    }

    @Test
    void shouldBeginANewSessionAgainWhenTheFirstOpenWasNeverAnswered() {
      Played played = new Played();
      played.machine.connect();

      played.loop.advance(5_000);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.stream().open().getSessionId()).isEmpty();
      assertThat(played.stream().open().getAttempt()).isEqualTo(1);
    }
  }

  @Nested
  class Heartbeats {
    @Test
    void shouldBeatEachInterval() {
      Played played = Played.live();

      played.loop.advance(8_000);
      assertThat(played.stream().lastReceived().getHeartbeat().getSequence()).isEqualTo(1);
      played.stream().ack(1);
      played.loop.advance(8_000);
      assertThat(played.stream().lastReceived().getHeartbeat().getSequence()).isEqualTo(2);
      played.stream().ack(2);

      assertThat(played.stream().count(KindCase.HEARTBEAT)).isEqualTo(2);
    }

    @Test
    void shouldTakeAnUnansweredHeartbeatForADeadPath() {
      Played played = Played.live();

      played.loop.advance(8_000 + 3_999);
      assertThat(played.stream().cancelled).isFalse();
      played.loop.advance(1);

      assertThat(played.stream().cancelled).isTrue();
      assertThat(played.told.news()).containsExactly("CONNECTING");
    }

    @Test
    void shouldLiveOnWhenOneAnswerStandsForSeveral() {
      Played played = new Played();
      played.machine.connect();
      played.stream().say(Words.hello("s1", false, 1_000));

      played.loop.advance(4_900); // four beats, of which the first is due
      played.stream().ack(4);
      played.loop.advance(3_000);

      assertThat(played.stream().cancelled).isFalse();
    }

    @Test
    void shouldAvoidTheServerThatDidNotAnswer() {
      Played played = Played.live();

      played.loop.advance(8_000 + 4_000 + 1_000);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.stream().avoid).isEqualTo(FakeTransport.SERVER_A);
    }
  }

  @Nested
  class OwnStatus {
    @Test
    void shouldSendAStatusAtOnceWhileLive() {
      Played played = Played.live();

      played.machine.setStatus(Activity.AWAY, Availability.BUSY);

      var update = played.stream().lastReceived().getUpdateStatus();
      assertThat(update.getActivity()).isEqualTo(dev.presence.v1.Activity.ACTIVITY_AWAY);
      assertThat(update.getAvailability())
          .isEqualTo(dev.presence.v1.Availability.AVAILABILITY_BUSY);
    }

    @Test
    void shouldLeaveOutWhatIsNotSet() {
      Played played = Played.live();

      played.machine.setStatus(null, Availability.BUSY);

      assertThat(played.stream().lastReceived().getUpdateStatus().hasActivity()).isFalse();
    }

    @Test
    void shouldOpenWithTheActivityAndSendTheRestAfterHello() {
      Played played = Played.live();
      played.stream().cut();
      played.machine.setStatus(Activity.AWAY, Availability.BUSY);

      played.loop.advance(1_000);
      assertThat(played.stream().open().getActivity())
          .isEqualTo(dev.presence.v1.Activity.ACTIVITY_AWAY);
      played.stream().hello("s1", true);

      var update = played.stream().lastReceived().getUpdateStatus();
      assertThat(update.hasActivity()).isFalse();
      assertThat(update.getAvailability())
          .isEqualTo(dev.presence.v1.Availability.AVAILABILITY_BUSY);
    }

    @Test
    void shouldSendAnActivitySetBetweenOpenAndHello() {
      Played played = new Played();
      played.machine.connect();

      played.machine.setStatus(Activity.AWAY, null);
      assertThat(played.stream().count(KindCase.UPDATE_STATUS)).isZero();
      played.stream().hello("s1", false);

      assertThat(played.stream().lastReceived().getUpdateStatus().getActivity())
          .isEqualTo(dev.presence.v1.Activity.ACTIVITY_AWAY);
    }

    @Test
    void shouldSendAWishAgainThatMayNotHaveArrived() {
      Played played = Played.live();
      played.machine.setStatus(null, Availability.BUSY);

      played.stream().cut();
      played.loop.advance(1_000);
      played.stream().hello("s1", true);

      assertThat(played.stream().count(KindCase.UPDATE_STATUS)).isEqualTo(1);
    }

    /** The server that took it may have been cut off from the others. */
    @Test
    void shouldTellTheNextServerAWishOfTheLastMinutes() {
      Played played = Played.live();
      setAndConfirm(played);

      comeBack(played);

      assertThat(played.stream().count(KindCase.UPDATE_STATUS)).isEqualTo(1);
      assertThat(played.stream().lastReceived().getUpdateStatus().getAvailabilityAge().getSeconds())
          .isEqualTo(9);
    }

    @Test
    void shouldNotSendAWishAgainThatArrivedLongAgo() {
      Played played = Played.live();
      setAndConfirm(played);
      for (int i = 2; i < 40; i++) {
        played.loop.advance(8_000);
        played.stream().ack(i);
      }

      comeBack(played);

      assertThat(played.stream().count(KindCase.UPDATE_STATUS)).isZero();
    }

    private static void setAndConfirm(Played played) {
      played.machine.setStatus(null, Availability.BUSY);
      played.loop.advance(8_000);
      played.stream().ack(1);
    }

    private static void comeBack(Played played) {
      played.stream().cut();
      played.loop.advance(1_000);
      played.stream().hello("s1", true);
    }
  }

  @Nested
  class Staleness {
    @Test
    void shouldTellWhenTheServerIsOutOfTouch() {
      Played played = Played.live();

      played.stream().say(Words.stale(true));
      played.stream().say(Words.stale(true));
      played.stream().say(Words.stale(false));

      assertThat(played.told.news()).containsExactly("STALE", "LIVE");
    }
  }

  @Nested
  class Leaving {
    @Test
    void shouldSignOutAndWaitForTheAnswer() {
      Played played = Played.live();

      var answer = played.machine.signOut();
      assertThat(played.stream().lastReceived().hasSignOut()).isTrue();
      assertThat(played.stream().halfClosed).isTrue();
      assertThat(answer).isNotDone();
      played.stream()
          .say(closed(CloseReason.CLOSE_REASON_SIGNED_OUT, ReconnectAdvice.RECONNECT_ADVICE_STOP));

      assertThat(answer).isCompletedWithValue(true);
      assertThat(played.told.news()).containsExactly("OFFLINE(SIGNED_OUT)");
    }

    @Test
    void shouldReconnectToSignOutWhenTheAnswerWasLost() {
      Played played = Played.live();

      var answer = played.machine.signOut();
      played.loop.advance(3_000 + 1_000);
      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.stream().open().getSessionId()).isEqualTo("s1");
      assertThat(played.stream().lastReceived().hasSignOut()).isTrue();
      played.stream()
          .say(closed(CloseReason.CLOSE_REASON_SIGNED_OUT, ReconnectAdvice.RECONNECT_ADVICE_STOP));

      assertThat(answer).isCompletedWithValue(true);
    }

    @Test
    void shouldReconnectAtOnceToSignOut() {
      Played played = Played.live();
      played.stream().cut();

      var answer = played.machine.signOut();
      played.loop.advance(0);

      assertThat(played.stream().lastReceived().hasSignOut()).isTrue();
      assertThat(answer).isNotDone();
    }

    @Test
    void shouldGiveUpSigningOutAfterTenSeconds() {
      Played played = Played.live();

      var answer = played.machine.signOut();
      played.loop.advance(9_999);
      assertThat(answer).isNotDone();
      played.loop.advance(1);

      assertThat(answer).isCompletedWithValue(false);
      assertThat(played.told.news()).containsExactly("OFFLINE(SIGNED_OUT)");
      played.loop.advance(60_000);
      assertThat(played.stream().cancelled).isTrue();
    }

    @Test
    void shouldLeaveWithoutASignOut() {
      Played played = Played.live();

      played.machine.leave();
      played.loop.advance(60_000);

      assertThat(played.stream().cancelled).isTrue();
      assertThat(played.stream().count(KindCase.SIGN_OUT)).isZero();
      assertThat(played.told.news()).containsExactly("OFFLINE(LEFT)");
      assertThat(played.opens()).isEqualTo(1);
      assertThat(played.loop.waiting()).isZero();
    }

    @Test
    void shouldHaveNothingToSignOutBeforeASessionBegan() {
      Played played = new Played();
      played.machine.connect();
      played.stream().cut();

      assertThat(played.machine.signOut()).isCompletedWithValue(false);
    }
  }
}
