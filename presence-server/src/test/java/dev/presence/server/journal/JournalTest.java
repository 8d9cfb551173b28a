package dev.presence.server.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JournalTest {

  private static final NodeId SELF = new NodeId("self");
  private static final NodeId OTHER = new NodeId("other");
  private static final UserId ALICE = new UserId("alice");
  private static final long NOW = 1_700_000_000_000L;
  private static final Duration GATHER = Duration.ofMillis(100);

  private final Random random = new Random(3);
  private final ManualLoop loop = new ManualLoop(5_000);
  private final SharedClock clock = new SharedClock(loop);
  private final InMemoryJournalSink sink = new InMemoryJournalSink();
  private final Journal journal = new Journal(loop, loop, sink, clock, SELF);
  private final List<Position> written = new ArrayList<>();
  private final Map<NodeId, Optional<Head>> settled = new LinkedHashMap<>();
  private final Map<NodeId, Remains> remains = new HashMap<>();
  private final List<Position> askedAfter = new ArrayList<>();
  private final Set<SessionKey> carried = new HashSet<>();
  private final List<NodeId> live = new ArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final SessionId session = SessionId.create(NOW, random);

  private Position position = new Position(1, 0);

  /** What the next questions to the store wait for. */
  private CompletableFuture<Void> store = CompletableFuture.completedFuture(null);

  private boolean stale;

  @BeforeEach
  void begin() {
    clock.set(NOW);
    journal.onWritten(written::add);
    journal.onSettled((node, head) -> settled.put(node, Optional.ofNullable(head)));
    logged.start();
    logger().addAppender(logged);
    logger().setAdditive(false);
  }

  @AfterEach
  void end() {
    logger().detachAppender(logged);
    logger().setAdditive(true);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(RowWriter.class);
  }

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
    sink.alive(OTHER, NOW, NOW);
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

  // Rows that nobody owns

  @Test
  void shouldCloseItsOwnRowThatNobodyOwnsAfterTwoLooks() {
    start();
    leaveOwnRow();
    loop.advance(Duration.ofSeconds(119));
    assertThat(row(session).closed()).isFalse();
    loop.advance(Duration.ofSeconds(2));

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.CONNECTION_LOST);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW);
  }

  @Test
  void shouldLeaveItsOwnRowOpenWhileTheSessionIsCarriedSomewhere() {
    start();
    leaveOwnRow();
    carried.add(new SessionKey(session, ALICE));
    loop.advance(Duration.ofMinutes(5));
    assertThat(row(session).closed()).isFalse();

    carried.clear();
    loop.advance(Duration.ofSeconds(61));
    assertThat(row(session).closed()).as("one look is not enough").isFalse();
    loop.advance(Duration.ofSeconds(60));
    assertThat(row(session).closed()).isTrue();
  }

  @Test
  void shouldLeaveItsOwnRowOpenWhileTheSessionIsHere() {
    start();
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(Duration.ofMinutes(5));

    assertThat(row(session).closed()).isFalse();
  }

  @Test
  void shouldCloseNoRowWhileNobodyCanTellWhereSessionsAre() {
    start();
    leaveOwnRow();
    stale = true;
    loop.advance(Duration.ofMinutes(5));

    assertThat(row(session).closed()).isFalse();
  }

  /** The session has moved away, and its new owner has written nothing yet. */
  private void leaveOwnRow() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    publish(false, List.of(), List.of(new SessionKey(session, ALICE)));
    loop.advance(Duration.ofSeconds(1).minus(GATHER));
  }

  // Vanished nodes

  @Test
  void shouldCloseWhatAVanishedNodeLeftOpenAfterTwoLooks() {
    sink.write(OTHER, Position.NONE, List.of(openRow(session)), List.of());
    sink.alive(OTHER, NOW, NOW - 90_000);
    start();

    loop.advance(Duration.ofSeconds(59));
    assertThat(row(session).closed()).isFalse();
    loop.advance(Duration.ofSeconds(1));

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW);
    assertThat(sink.aliveAt).containsOnlyKeys(SELF);
  }

  @Test
  void shouldLeaveALiveNodeAlone() {
    sink.alive(OTHER, NOW, NOW - 90_000);
    live.add(OTHER);
    start();
    loop.advance(Duration.ofMinutes(10));

    assertThat(sink.aliveAt).containsOnlyKeys(OTHER, SELF);
  }

  @Test
  void shouldLeaveANodeAloneThatSpokeBetweenTwoLooks() {
    sink.alive(OTHER, NOW, NOW - 90_000);
    start();
    for (int i = 0; i < 10; i++) {
      loop.advance(Duration.ofSeconds(61));
      sink.alive(OTHER, NOW, clock.nowMillis() - 59_000);
    }

    assertThat(sink.aliveAt).containsOnlyKeys(OTHER, SELF);
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

  private void start() {
    journal.start(this::live, this::remains, this::carried);
  }

  private CompletionStage<Remains> remains(NodeId node, Position after) {
    askedAfter.add(after);
    Remains left = remains.getOrDefault(node, new Remains(null, List.of(), List.of()));
    return store.thenApply(_ -> left);
  }

  private CompletionStage<Set<SessionKey>> carried(Collection<SessionKey> sessions) {
    if (stale) {
      return CompletableFuture.failedFuture(new IllegalStateException("stale"));
    }
    Set<SessionKey> found = new HashSet<>(sessions);
    found.retainAll(carried);
    return CompletableFuture.completedFuture(found);
  }

  private CompletionStage<List<NodeId>> live() {
    return CompletableFuture.completedFuture(List.copyOf(live));
  }

  private SessionRecord[] many(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> record(SessionId.create(NOW, random), 1, Phase.CONNECTED, 0))
        .toArray(SessionRecord[]::new);
  }

  private void publish(SessionRecord... records) {
    publish(false, List.of(records), List.of());
  }

  private void publish(boolean reset, List<SessionRecord> records, List<SessionKey> removals) {
    Position before = position;
    position = new Position(before.epoch(), before.seq() + 1);
    journal.published(new ChangeSet(SELF, position, before.seq(), reset, records, removals));
  }

  private static SessionRecord record(SessionId id, int attempt, Phase phase, long signAfter) {
    return record(id, attempt, phase, signAfter, null);
  }

  private static SessionRecord closed(
      SessionId id, int attempt, long signAfter, CloseReason reason) {
    return record(id, attempt, Phase.CLOSED, signAfter, reason);
  }

  private static SessionRecord record(
      SessionId id, int attempt, Phase phase, long signAfter, @Nullable CloseReason reason) {
    return new SessionRecord(
        id, ALICE, "phone", attempt, phase, Activity.ACTIVE, Wish.NONE, NOW + signAfter, reason);
  }

  private SessionRecord wishing(Wish wish) {
    return record(SessionId.create(NOW, random), 1, Phase.CONNECTED, 0).withWish(wish);
  }

  private static ChangeSet change(long seq, SessionRecord... records) {
    return new ChangeSet(OTHER, new Position(1, seq), seq - 1, false, List.of(records), List.of());
  }

  private static SessionRow openRow(SessionId id) {
    return openRow(id, 1);
  }

  private static SessionRow openRow(SessionId id, long epoch) {
    return new SessionRow(id, ALICE, "phone", 1, epoch, NOW, 0, null);
  }

  private SessionRow row(SessionId id) {
    return requireNonNull(sink.rows.get(id)).row();
  }
}
