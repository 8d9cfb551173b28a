package dev.presence.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalTest extends JournalStory {

  // Rows

  @Test
  void shouldWriteARowAtTheOpenAndTheSameAtTheEnd() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    assertThat(row(session)).isEqualTo(new SessionRow(session, ALICE, "phone", 1, 1, NOW, 0, null));

    loop.advance(Duration.ofSeconds(5));
    publish(closed(session, 1, 4_000, CloseReason.SIGNED_OUT));
    loop.advance(GATHER);

    assertThat(row(session))
        .isEqualTo(
            new SessionRow(
                session, ALICE, "phone", 1, 1, NOW + 4_000, NOW + 5_100, CloseReason.SIGNED_OUT));
    assertThat(sink.rows).hasSize(1);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW + 4_000);
  }

  @Test
  void shouldWriteOpenAndEndTogetherWhenTheyComeTogether() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    publish(closed(session, 1, 10, CloseReason.SIGNED_OUT));
    loop.advance(GATHER);

    assertThat(sink.writes).containsExactly(1);
    assertThat(row(session).closed()).isTrue();
  }

  @Test
  void shouldMakeNoRowOfAChangeOfStatus() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);

    publish(record(session, 1, Phase.CONNECTED, 1_000));
    publish(record(session, 1, Phase.SUSPENDED, 2_000));
    loop.advance(Duration.ofSeconds(2));

    assertThat(sink.writes).as("the second write moves the cursor only").containsExactly(1, 0);
    assertThat(written).containsExactly(new Position(1, 1), new Position(1, 3));
  }

  @Test
  void shouldWriteAgainWhenASessionIsResumedHere() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    publish(record(session, 2, Phase.CONNECTED, 1_000));
    publish(record(session, 1, Phase.SUSPENDED, 900));
    loop.advance(GATHER);

    assertThat(row(session).attempt()).isEqualTo(2);
    assertThat(sink.writes).containsExactly(1, 1);
  }

  @Test
  void shouldWriteTheEndOfASessionOnce() {
    publish(closed(session, 1, 0, CloseReason.SIGNED_OUT));
    loop.advance(GATHER);
    publish(closed(session, 1, 0, CloseReason.SIGNED_OUT));
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(Duration.ofSeconds(2));

    assertThat(sink.writes).containsExactly(1, 0);
  }

  @Test
  void shouldMakeNoRowOfABuriedId() {
    publish(closed(session, 2, 0, CloseReason.REPLACED));
    loop.advance(Duration.ofSeconds(2));

    assertThat(sink.rows).isEmpty();
  }

  @Test
  void shouldKeepARowThatWaitsWhenTheSessionMovesAway() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    publish(false, List.of(), List.of(new SessionKey(session, ALICE)));
    loop.advance(GATHER);

    assertThat(row(session).closed()).isFalse();
    journal.stop(Duration.ofSeconds(1));
    loop.runDue();
    assertThat(sink.aliveAt).as("nothing is open here any more").isEmpty();
  }

  @Test
  void shouldSayAgainWhatIsOpenInANewEpoch() {
    SessionId gone = SessionId.create(NOW, random);
    publish(record(session, 1, Phase.CONNECTED, 0), closed(gone, 1, 0, CloseReason.SIGNED_OUT));
    loop.advance(GATHER);
    sink.closeLost(SELF, 1, NOW, NOW);
    assertThat(row(session).closed()).isTrue();

    position = new Position(2, position.seq());
    publish(true, List.of(), List.of());
    loop.advance(GATHER);

    assertThat(row(session).closed()).isFalse();
    assertThat(row(session).nodeEpoch()).isEqualTo(2);
    assertThat(row(gone).closed()).isTrue();
  }

  @Test
  void shouldNotLetAForeignUserHoldUpTheJournal() {
    UserId mallory = new UserId("mallory");
    publish(record(session, 1, Phase.CONNECTED, 0));
    publish(
        new SessionRecord(
            session, mallory, "phone", 9, Phase.CONNECTED, Activity.ACTIVE, Wish.NONE, NOW, null));
    loop.advance(GATHER.multipliedBy(2));

    assertThat(row(session).user()).isEqualTo(ALICE);
    assertThat(written).endsWith(new Position(1, 2));
  }

  @Test
  void shouldKeepTheNewestWish() {
    Wish busy = new Wish(Availability.BUSY, NOW + 2);
    journal.wish(ALICE, busy);
    journal.wish(ALICE, new Wish(Availability.AVAILABLE, NOW + 1));
    loop.advance(GATHER);

    assertThat(sink.wishes).containsEntry(ALICE, busy);
    assertThat(sink.writes).hasSize(1);
  }

  // Batches and cursor

  @Test
  void shouldMoveTheCursorOnlyPastWhatIsWritten() {
    publish(many(1_500));
    publish(many(1_000));
    loop.runDue();

    assertThat(sink.writes).containsExactly(1_000, 1_000);
    assertThat(written).containsExactly(new Position(1, 1));

    loop.advance(GATHER);
    assertThat(sink.writes).containsExactly(1_000, 1_000, 500);
    assertThat(written).containsExactly(new Position(1, 1), new Position(1, 2));
    assertThat(sink.rows).hasSize(2_500);
  }

  @Test
  void shouldLoseNothingWhileTheSinkIsAway() {
    sink.away = true;
    SessionId[] sessions =
        IntStream.range(0, 50)
            .mapToObj(i -> SessionId.create(NOW + i, random))
            .toArray(SessionId[]::new);
    for (SessionId id : sessions) {
      publish(record(id, 1, Phase.CONNECTED, 0));
      loop.advance(Duration.ofSeconds(1));
    }
    for (int i = 0; i < 25; i++) {
      publish(closed(sessions[i], 1, 1_000, CloseReason.CONNECTION_LOST));
    }
    loop.advance(Duration.ofMinutes(1));
    assertThat(sink.rows).isEmpty();
    assertThat(written).isEmpty();

    sink.away = false;
    loop.advance(Duration.ofSeconds(3));

    assertThat(sink.rows).hasSize(50);
    assertThat(sink.rows.values().stream().filter(stored -> stored.row().closed())).hasSize(25);
    assertThat(written).endsWith(new Position(1, 75));
    assertThat(logged.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "the journal cannot write; it keeps everything and tries again",
            "the journal can write again");
  }

  @Test
  void shouldRaiseAnAlarmEachTimeThatTwiceAsMuchWaits() {
    sink.away = true;
    for (int i = 0; i < 45; i++) {
      publish(many(10_000));
      loop.advance(Duration.ofMillis(10));
    }

    assertThat(logged.list)
        .filteredOn(event -> event.getLevel() == Level.ERROR)
        .extracting(event -> event.getKeyValuePairs().getFirst().toString())
        .containsExactly("rows=\"100000\"", "rows=\"200000\"", "rows=\"400000\"");
  }

  // Nodes

  @Test
  void shouldSayThatTheNodeIsAliveEachTenSeconds() {
    start();
    loop.runDue();
    assertThat(sink.aliveAt).containsEntry(SELF, NOW);
    loop.advance(Duration.ofMillis(9_999));
    assertThat(sink.aliveAt).containsEntry(SELF, NOW);
    loop.advance(Duration.ofMillis(1));
    assertThat(sink.aliveAt).containsEntry(SELF, NOW + 10_000);
  }

  // Stopping

  @Test
  void shouldWriteWhatWaitsAndEndTheNodeWhenItStops() {
    start();
    publish(closed(session, 1, 0, CloseReason.SIGNED_OUT));
    loop.runDue();

    CompletionStage<Void> stopped = journal.stop(Duration.ofSeconds(5));
    loop.runDue();

    assertThat(stopped.toCompletableFuture()).isCompleted();
    assertThat(row(session).closed()).isTrue();
    assertThat(sink.aliveAt).isEmpty();
    loop.advance(Duration.ofMinutes(5));
    assertThat(sink.aliveAt).isEmpty();
  }

  @Test
  void shouldLeaveTheNodeToOthersWhenSessionsAreLeftOver() {
    start();
    publish(record(session, 1, Phase.CONNECTED, 0));

    CompletionStage<Void> stopped = journal.stop(Duration.ofSeconds(5));
    loop.runDue();

    assertThat(stopped.toCompletableFuture()).isCompleted();
    assertThat(row(session).closed()).isFalse();
    assertThat(sink.aliveAt).containsOnlyKeys(SELF);
  }

  @Test
  void shouldStopInTimeEvenIfTheSinkIsAway() {
    sink.away = true;
    publish(record(session, 1, Phase.CONNECTED, 0));
    CompletionStage<Void> stopped = journal.stop(Duration.ofSeconds(5));
    loop.advance(Duration.ofMillis(4_999));
    assertThat(stopped.toCompletableFuture()).isNotDone();
    loop.advance(Duration.ofMillis(1));

    assertThat(stopped.toCompletableFuture()).isCompleted();
  }
}
