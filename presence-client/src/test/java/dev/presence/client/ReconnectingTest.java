package dev.presence.client;

import static dev.presence.client.Words.closed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.FakeTransport.FakeStream;
import dev.presence.v1.CloseReason;
import dev.presence.v1.ReconnectAdvice;
import io.grpc.Status;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client does when its stream has ended, by a clock that the test moves. */
class ReconnectingTest {

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
    void shouldBeBackWithinGraceThoughServersRestartOneAfterTheOther() {
      Played played = Played.live();
      played.liveFor(60_000);

      for (int restart = 1; restart <= 6; restart++) {
        int opens = played.opens();
        played.stream().cut();
        played.loop.advance(1_000);
        assertThat(played.opens()).isEqualTo(opens + 1);
        played.stream().hello("s1", true);
        played.liveFor(9_000);
      }
    }

    @Test
    void shouldSpareAServerThatTakesItAndDropsItAgain() {
      Played played = Played.live();

      for (int second = 0; second < 600; second++) {
        if (!played.stream().cancelled) {
          played.stream().hello("s1", true);
          played.stream().cut();
        }
        played.loop.advance(1_000);
      }

      // Five in a hurry, then after 4, 8, 16, and each 30 s.
      assertThat(played.opens()).isBetween(20, 32);
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
}
