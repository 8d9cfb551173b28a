package dev.presence.client;

import static dev.presence.client.Words.closed;
import static dev.presence.client.Words.complete;
import static dev.presence.client.Words.online;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.FakeTransport.FakeStream;
import dev.presence.v1.ClientMessage.KindCase;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Open;
import dev.presence.v1.ReconnectAdvice;
import io.grpc.Status;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of design.md §6, by a clock that the test moves. */
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
  class Reconnecting {
    @Test
    void shouldResumeTheSessionWithAHigherAttempt() {
      Played played = Played.live();

      played.stream().cut();
      played.loop.advance(1_000);

      assertThat(played.stream().open().getSessionId()).isEqualTo("s1");
      assertThat(played.stream().open().getAttempt()).isEqualTo(2);
      played.stream().hello("s1", true);
      assertThat(played.told.hellos).containsExactly("s1 new", "s1 resumed");
      assertThat(played.told.news()).containsExactly("CONNECTING", "LIVE");
    }

    @Test
    void shouldCountEveryOpenThatWasSent() {
      Played played = Played.live();
      played.stream().cut();

      for (int attempt = 2; attempt <= 5; attempt++) {
        played.loop.advance(2_000);
        assertThat(played.stream().open().getAttempt()).isEqualTo(attempt);
        played.stream().cut();
      }
    }

    @Test
    void shouldCountOnWhenANewSessionBeginsInPlaceOfTheOldOne() {
      Played played = Played.live();
      played.stream().cut();
      played.loop.advance(1_000);

      played.stream().hello("s2", false);
      played.stream().cut();
      played.loop.advance(2_000);

      assertThat(played.stream().open().getSessionId()).isEqualTo("s2");
      assertThat(played.stream().open().getAttempt()).isEqualTo(3);
    }

    @Test
    void shouldStillOfferTheSessionLongAfterTheGracePeriod() {
      Played played = Played.live();

      for (int second = 0; second < 60; second++) {
        if (!played.stream().cancelled) {
          played.stream().cut();
        }
        played.loop.advance(1_000);
      }

      assertThat(played.stream().open().getSessionId()).isEqualTo("s1");
    }

    @Test
    void shouldWaitShorterForHelloWithinTheGracePeriod() {
      Played played = Played.live();
      played.stream().cut();
      played.loop.advance(1_000);
      FakeStream silent = played.stream();

      played.loop.advance(1_499);
      assertThat(silent.cancelled).isFalse();
      played.loop.advance(1);

      assertThat(silent.cancelled).isTrue();
    }

    @Test
    void shouldTryAtMostTwoSecondsApartWhileTheGracePeriodLasts() {
      Played played = Played.live();
      played.stream().cut();

      played.loop.advance(10_000); // no server answers

      // At 1 s, and each 2 s after that: 3, 5, 7, 9 s.
      assertThat(played.opens()).isEqualTo(1 + 5);
    }

    @Test
    void shouldReportWhyItIsNotConnected() {
      Played played = Played.live();

      played.stream().end(Status.Code.UNAVAILABLE, "NOT_SERVING");

      assertThat(played.machine.standing().state().phase()).isEqualTo(Phase.CONNECTING);
      assertThat(played.machine.standing().state().detail()).contains("NOT_SERVING");
    }

    @Test
    void shouldTryAgainWhenTheAppHasNoTokenJustNow() {
      Played played = new Played();
      played.tokens.clear();
      played.machine.connect();
      assertThat(played.opens()).isZero();

      played.tokens.add("late");
      played.loop.advance(2_000);

      assertThat(played.stream().token).isEqualTo("late");
    }

    @ParameterizedTest
    @CsvSource({"OK", "CANCELLED", "INTERNAL", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "UNKNOWN"})
    void shouldTakeAnyOtherEndForALostConnection(Status.Code code) {
      Played played = Played.live();

      played.stream().end(code, "");
      played.loop.advance(1_000);

      assertThat(played.opens()).isEqualTo(2);
    }
  }

  @Nested
  class GivingUp {
    @Test
    void shouldAskForANewTokenOnceAndGoOnWithIt() {
      Played played = new Played();
      played.machine.connect();

      played.stream().end(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
      played.loop.advance(0);
      played.stream().hello("s1", false);

      assertThat(played.stream().token).isEqualTo("token-2");
      assertThat(played.told.news()).containsExactly("CONNECTING", "LIVE");
    }

    @Test
    void shouldReportASecondRefusal() {
      Played played = new Played();
      played.machine.connect();

      played.stream().end(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
      played.loop.advance(0);
      played.stream().end(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID");
      played.loop.advance(60_000);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.told.news()).containsExactly("CONNECTING", "OFFLINE(UNAUTHENTICATED)");
      assertThat(played.machine.standing().state().detail()).contains("TOKEN_INVALID");
    }

    @Test
    void shouldAskAgainWhenATokenRunsOutLater() {
      Played played = new Played();
      played.machine.connect();
      played.stream().end(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
      played.loop.advance(0);
      played.stream().hello("s1", false);

      played.stream()
          .say(
              closed(
                  CloseReason.CLOSE_REASON_UNAUTHENTICATED,
                  ReconnectAdvice.RECONNECT_ADVICE_NEW_TOKEN));
      played.loop.advance(0);

      assertThat(played.stream().token).isEqualTo("token-3");
      assertThat(played.stream().open().getSessionId()).isEqualTo("s1");
    }

    @ParameterizedTest
    @CsvSource({
      "PERMISSION_DENIED, PERMISSION_DENIED",
      "INVALID_ARGUMENT, REJECTED",
      "FAILED_PRECONDITION, REJECTED"
    })
    void shouldStopWhenTryingAgainWouldNotHelp(Status.Code code, OfflineReason reason) {
      Played played = new Played();
      played.machine.connect();

      played.stream().end(code, "INVALID_FIELD");
      played.loop.advance(60_000);

      assertThat(played.opens()).isEqualTo(1);
      assertThat(played.machine.standing().state().reason()).contains(reason);
      assertThat(played.machine.standing().state().detail()).contains("INVALID_FIELD");
    }

    @Test
    void shouldStopWhenTheAppShutTheChannelDown() {
      Played played = Played.live();

      played.stream().end(Status.Code.UNAVAILABLE, StatusDetails.channelShutDown().reason());
      played.loop.advance(60_000);

      assertThat(played.opens()).isEqualTo(1);
      assertThat(played.machine.standing().state().reason())
          .contains(OfflineReason.CHANNEL_SHUT_DOWN);
    }
  }

  @Nested
  class Advice {
    @Test
    void shouldStopWhenToldTo() {
      Played played = Played.live();

      played.stream()
          .say(
              closed(
                  CloseReason.CLOSE_REASON_PROTOCOL_ERROR, ReconnectAdvice.RECONNECT_ADVICE_STOP));
      played.loop.advance(60_000);

      assertThat(played.opens()).isEqualTo(1);
      assertThat(played.told.news()).containsExactly("OFFLINE(REJECTED)");
    }

    @Test
    void shouldReconnectElsewhereWhenAsked() {
      Played played = Played.live();

      played.stream()
          .say(
              closed(
                  CloseReason.CLOSE_REASON_DRAINING,
                  ReconnectAdvice.RECONNECT_ADVICE_RECONNECT_ELSEWHERE));
      played.loop.advance(1_000);

      assertThat(played.stream().avoid).isEqualTo(FakeTransport.SERVER_A);
      assertThat(played.stream().open().getAttempt()).isEqualTo(2);
    }

    @Test
    void shouldReconnectAnywhereByDefault() {
      Played played = Played.live();

      played.stream()
          .say(
              closed(
                  CloseReason.CLOSE_REASON_SLOW_CONSUMER,
                  ReconnectAdvice.RECONNECT_ADVICE_UNSPECIFIED));
      played.loop.advance(1_000);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.stream().avoid).isNull();
    }

    @Test
    void shouldNotComeBackBeforeTheServerWantsIt() {
      Played played = Played.live();

      played.stream()
          .say(
              closed(
                  CloseReason.CLOSE_REASON_UNAVAILABLE,
                  ReconnectAdvice.RECONNECT_ADVICE_RECONNECT,
                  5_000));
      played.loop.advance(4_999);
      assertThat(played.opens()).isEqualTo(1);
      played.loop.advance(1);

      assertThat(played.opens()).isEqualTo(2);
    }

    @Test
    void shouldOutbidAnAttemptThatReplacedOneNeverAnswered() {
      Played played = Played.live();
      played.stream().cut();
      played.loop.advance(1_000);

      played.stream()
          .say(closed(CloseReason.CLOSE_REASON_REPLACED, ReconnectAdvice.RECONNECT_ADVICE_STOP));
      played.loop.advance(2_000);

      assertThat(played.stream().open().getAttempt()).isEqualTo(3);
      assertThat(played.machine.standing().state().phase()).isEqualTo(Phase.CONNECTING);
    }

    @Test
    void shouldStopWhenSomebodyElseTookTheSessionOver() {
      Played played = Played.live();

      played.stream()
          .say(closed(CloseReason.CLOSE_REASON_REPLACED, ReconnectAdvice.RECONNECT_ADVICE_STOP));
      played.loop.advance(60_000);

      assertThat(played.opens()).isEqualTo(1);
      assertThat(played.told.news()).containsExactly("OFFLINE(REPLACED)");
    }
  }

  @Nested
  class Draining {
    @Test
    void shouldOpenTheNewStreamBeforeItEndsTheOld() {
      Played played = Played.live();
      FakeStream old = played.stream();

      old.say(Words.drain(4_000));
      played.loop.advance(4_000);
      FakeStream next = played.stream();
      assertThat(next).isNotSameAs(old);
      assertThat(next.avoid).isEqualTo(FakeTransport.SERVER_A);
      assertThat(next.open().getAttempt()).isEqualTo(2);
      assertThat(old.cancelled).isFalse();
      next.hello("s1", true);

      assertThat(old.cancelled).isTrue();
      assertThat(played.told.news()).isEmpty(); // the app notices nothing
    }

    @Test
    void shouldMoveAtARandomMoment() {
      Played played = Played.live();
      played.luck = 0.25;

      played.stream().say(Words.drain(4_000));
      played.loop.advance(999);
      assertThat(played.opens()).isEqualTo(1);
      played.loop.advance(1);

      assertThat(played.opens()).isEqualTo(2);
    }

    @Test
    void shouldIgnoreThatOurOwnNewStreamReplacedTheOld() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000);

      old.say(closed(CloseReason.CLOSE_REASON_REPLACED, ReconnectAdvice.RECONNECT_ADVICE_STOP));
      played.stream().hello("s1", true);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.told.news()).isEmpty();
      assertThat(played.machine.standing().state().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void shouldStayOnTheOldStreamWhileNoOtherServerAnswers() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000 + 3_000);
      old.say(complete(online("bob")));

      assertThat(played.told.news()).containsExactly("snapshot bob ONLINE");
      assertThat(old.cancelled).isFalse();
      played.loop.advance(2_000);
      assertThat(played.opens()).isEqualTo(3);
      assertThat(played.stream().open().getAttempt()).isEqualTo(3);
    }

    @Test
    void shouldGoOnWithTheNewStreamWhenTheOldIsCutMeanwhile() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000);

      old.cut();
      played.stream().hello("s1", true);

      assertThat(played.opens()).isEqualTo(2);
      assertThat(played.told.news()).containsExactly("CONNECTING", "LIVE");
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

    @Test
    void shouldNotSendAWishAgainThatArrived() {
      Played played = Played.live();
      played.machine.setStatus(null, Availability.BUSY);
      played.loop.advance(8_000);
      played.stream().ack(1);

      played.stream().cut();
      played.loop.advance(1_000);
      played.stream().hello("s1", true);

      assertThat(played.stream().count(KindCase.UPDATE_STATUS)).isZero();
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
