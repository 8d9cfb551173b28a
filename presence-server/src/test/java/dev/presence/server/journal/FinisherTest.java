package dev.presence.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What lost nodes had published and not written is written by others. */
class FinisherTest extends JournalStory {

  @Test
  void shouldSettleALostNodeUntilItIsDone() {
    sink.write(OTHER, Position.NONE, List.of(openRow(session)), List.of());
    start();
    loop.runDue();
    sink.away = true;
    int before = sink.calls;
    journal.settle(OTHER, NOW + 500);
    journal.settle(OTHER, NOW + 500);
    loop.advance(Duration.ofMillis(100));
    assertThat(sink.calls - before).isEqualTo(1);
    loop.advance(Duration.ofSeconds(8));
    assertThat(settled).isEmpty();

    sink.away = false;
    loop.advance(Duration.ofSeconds(2));

    assertThat(settled).containsExactly(Map.entry(OTHER, Optional.empty()));
    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW + 500);
  }

  @Test
  void shouldWriteWhatALostNodeHadPublishedAndNotWritten() {
    SessionId ended = SessionId.create(NOW, random);
    SessionId brief = SessionId.create(NOW, random);
    Position cursor = new Position(1, 4);
    sink.write(OTHER, cursor, List.of(openRow(session), openRow(ended)), List.of());
    Head head = Head.at(new Position(1, 6));
    remains.put(
        OTHER,
        new Remains(
            head,
            List.of(
                change(5, closed(ended, 1, 300, CloseReason.SIGNED_OUT)),
                change(
                    6,
                    record(brief, 1, Phase.CONNECTED, 0),
                    wishing(new Wish(Availability.BUSY, NOW + 7)))),
            List.of()));
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();

    assertThat(askedAfter).containsExactly(cursor);
    assertThat(row(ended).closeReason()).isEqualTo(CloseReason.SIGNED_OUT);
    assertThat(row(ended).closedAtMillis()).isEqualTo(NOW + 500);
    assertThat(row(brief).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(sink.wishes).containsEntry(ALICE, new Wish(Availability.BUSY, NOW + 7));
    assertThat(sink.cursors).containsEntry(OTHER, head.position());
    assertThat(settled).containsExactly(Map.entry(OTHER, Optional.of(head)));
  }

  @Test
  void shouldTellOfASuspendedSessionWhatItsLostNodeKnew() {
    SessionId live = SessionId.create(NOW, random);
    sink.write(OTHER, new Position(1, 6), List.of(openRow(session), openRow(live)), List.of());
    Head head = Head.at(new Position(1, 6));
    remains.put(
        OTHER, new Remains(head, List.of(), List.of(record(session, 1, Phase.SUSPENDED, 300))));
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW + 300);
    assertThat(row(live).lastSignOfLifeMillis()).isEqualTo(NOW + 500);
  }

  @Test
  void shouldTellOfASuspendedSessionThoughTheStoreFellBackAnEpoch() {
    sink.write(OTHER, new Position(2, 6), List.of(openRow(session, 2)), List.of());
    remains.put(
        OTHER,
        new Remains(
            Head.at(new Position(1, 4)),
            List.of(),
            List.of(record(session, 1, Phase.SUSPENDED, 300))));
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW + 300);
  }

  @Test
  void shouldWriteALostNodesMapWhereItsStreamDoesNotReachBack() {
    List<SessionRecord> sessions = new ArrayList<>(List.of(many(2_500)));
    sessions.add(closed(session, 1, 300, CloseReason.SIGNED_OUT));
    Head head = Head.at(new Position(3, 60));
    remains.put(OTHER, new Remains(head, List.of(), sessions));
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();

    assertThat(sink.writes).allMatch(rows -> rows <= 1_000);
    assertThat(sink.rows)
        .hasSize(2_501)
        .allSatisfy((_, row) -> assertThat(row.row().closed()).isTrue());
    assertThat(row(session).closeReason()).isEqualTo(CloseReason.SIGNED_OUT);
    assertThat(row(session).nodeEpoch()).isEqualTo(3);
    assertThat(sink.cursors).containsEntry(OTHER, head.position());
    assertThat(settled).containsExactly(Map.entry(OTHER, Optional.of(head)));
  }

  @Test
  void shouldNotMoveALostNodesCursorToItsHeadBeforeAllOfItsMapIsWritten() {
    Head head = Head.at(new Position(3, 60));
    remains.put(OTHER, new Remains(head, List.of(), List.of(many(1_500))));
    start();
    journal.settle(OTHER, NOW + 500);
    sink.awayAfterWrites = 1;
    loop.advance(Duration.ofSeconds(1));

    assertThat(sink.rows).hasSize(1_000);
    assertThat(sink.cursors).containsEntry(OTHER, Position.NONE);
  }

  @Test
  void shouldCloseInTheEpochBeforeTheOneThatALostNodeWasBuilding() {
    Head head = Head.building(2);
    remains.put(
        OTHER, new Remains(head, List.of(), List.of(record(session, 1, Phase.CONNECTED, 0))));
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();
    assertThat(row(session).closed()).isTrue();
    assertThat(sink.cursors).containsEntry(OTHER, Position.NONE);

    // It has come back, and completed what it was building.
    sink.write(OTHER, new Position(2, 9), List.of(openRow(session, 2)), List.of());

    assertThat(row(session).closed()).isFalse();
  }

  @Test
  void shouldLeaveAloneWhatALostNodeOpensAgainMeanwhile() {
    sink.write(OTHER, new Position(1, 4), List.of(openRow(session)), List.of());
    sink.alive(OTHER, "10.0.0.3:9091", NOW, NOW);
    remains.put(OTHER, new Remains(Head.at(new Position(1, 4)), List.of(), List.of()));
    store = new CompletableFuture<>();
    start();
    journal.settle(OTHER, NOW + 500);
    loop.runDue();
    sink.write(OTHER, new Position(2, 5), List.of(openRow(session, 2)), List.of());
    store.complete(null);
    loop.runDue();

    assertThat(row(session).closed()).isFalse();
    assertThat(sink.aliveAt).containsKey(OTHER);
    assertThat(sink.cursors).containsEntry(OTHER, new Position(2, 5));
  }

  @Test
  void shouldTryAgainWhenTheStoreDoesNotTellWhatIsLeftAndThenLeaveItUntilAskedAgain() {
    sink.write(OTHER, Position.NONE, List.of(openRow(session)), List.of());
    CompletableFuture<Void> away = CompletableFuture.failedFuture(new IllegalStateException());
    store = away;
    start();
    journal.settle(OTHER, NOW + 500);
    loop.advance(Duration.ofMinutes(5));
    assertThat(askedAfter).hasSize(10);
    assertThat(settled).isEmpty();
    assertThat(row(session).closed()).isFalse();

    store = CompletableFuture.completedFuture(null);
    journal.settle(OTHER, NOW + 500);
    loop.runDue();

    assertThat(settled).containsOnlyKeys(OTHER);
  }

  @Test
  void shouldFinishOneLostNodeAfterTheOther() {
    NodeId third = new NodeId("third");
    store = new CompletableFuture<>();
    journal.settle(OTHER, NOW);
    journal.settle(third, NOW);
    start();
    loop.runDue();
    assertThat(askedAfter).hasSize(1);

    store.complete(null);
    loop.runDue();

    assertThat(settled.keySet()).containsExactly(OTHER, third);
  }
}
