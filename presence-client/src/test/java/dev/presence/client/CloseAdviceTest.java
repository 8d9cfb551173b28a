package dev.presence.client;

import static dev.presence.client.Words.closed;
import static dev.presence.client.Words.complete;
import static dev.presence.client.Words.online;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.FakeTransport.FakeStream;
import dev.presence.v1.CloseReason;
import dev.presence.v1.ReconnectAdvice;
import io.grpc.Status;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a client does when its server says why it closes, or asks it to move. */
class CloseAdviceTest {

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
    void shouldNotComeBackToAnOverloadedServerBeforeItsTurn() {
      Played played = Played.live();
      played.stream().cut();
      played.loop.advance(1_000);
      assertThat(played.opens()).isEqualTo(2);

      played.stream().end(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED", 6_000);
      played.loop.advance(5_999);
      assertThat(played.opens()).isEqualTo(2);
      played.loop.advance(1);

      assertThat(played.opens()).isEqualTo(3);
      assertThat(played.stream().avoid).isNotNull();
      assertThat(played.stream().open().getAttempt()).isEqualTo(3);
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
    void shouldGoOnWhenTheOldStreamWasReplacedByANewOneThatWasLostBeforeHello() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000);
      played.stream().cut(); // a server has taken it, but its word is lost

      old.say(closed(CloseReason.CLOSE_REASON_REPLACED, ReconnectAdvice.RECONNECT_ADVICE_STOP));
      played.loop.advance(2_000);

      assertThat(played.stream().open().getAttempt()).isEqualTo(3);
      played.stream().hello("s1", true);
      assertThat(played.told.news()).containsExactly("CONNECTING", "LIVE");
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
    void shouldStayOnTheOldStreamUntilItsTurnAtTheNextServerComes() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000);

      played.stream().end(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED", 4_000);
      played.loop.advance(3_999);
      assertThat(played.opens()).isEqualTo(2);
      played.loop.advance(1);
      assertThat(played.opens()).isEqualTo(3);
      assertThat(old.cancelled).isFalse();
      played.stream().hello("s1", true);

      assertThat(old.cancelled).isTrue();
      assertThat(played.told.news()).isEmpty();
    }

    @Test
    void shouldSignOutOfBothStreamsWhileItMoves() {
      Played played = Played.live();
      FakeStream old = played.stream();
      old.say(Words.drain(1_000));
      played.loop.advance(1_000);
      FakeStream next = played.stream();

      var signedOut = played.machine.signOut();
      assertThat(old.halfClosed).isTrue();
      assertThat(next.halfClosed).isTrue();
      next.hello("s1", true);
      next.say(closed(CloseReason.CLOSE_REASON_SIGNED_OUT, ReconnectAdvice.RECONNECT_ADVICE_STOP));

      assertThat(signedOut).isCompletedWithValue(true);
      assertThat(played.opens()).isEqualTo(2);
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
}
