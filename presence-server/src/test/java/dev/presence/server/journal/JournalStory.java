package dev.presence.server.journal;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Activity;
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
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

/**
 * A journal on a loop that only the test moves, with a sink in memory and what it is told of
 * others. What it logs is heard too, and there is one log for all: so one class at a time.
 */
@ResourceLock(JournalStory.LOG)
abstract class JournalStory {

  /** What a class locks in which a journal logs. */
  static final String LOG = "the log of the journal";

  static final NodeId SELF = new NodeId("self");
  static final NodeId OTHER = new NodeId("other");
  static final UserId ALICE = new UserId("alice");
  static final long NOW = 1_700_000_000_000L;
  static final Duration GATHER = Duration.ofMillis(100);

  final Random random = new Random(3);
  final ManualLoop loop = new ManualLoop(5_000);
  final SharedClock clock = new SharedClock(loop);
  final InMemoryJournalSink sink = new InMemoryJournalSink();
  final StreamInMemory stream = new StreamInMemory();
  final Journal journal = new Journal(loop, loop, sink, clock, SELF, "", stream, rules());
  final List<Position> written = new ArrayList<>();
  final Map<NodeId, Optional<Head>> settled = new LinkedHashMap<>();
  final Map<NodeId, Remains> remains = new HashMap<>();
  final List<Position> askedAfter = new ArrayList<>();
  final Set<SessionKey> carried = new HashSet<>();
  final List<NodeId> live = new ArrayList<>();
  final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  final SessionId session = SessionId.create(NOW, random);

  Position position = new Position(1, 0);

  /** What the next questions to the store wait for. */
  CompletableFuture<Void> store = CompletableFuture.completedFuture(null);

  boolean stale;

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
    return (Logger) LoggerFactory.getLogger(Journal.class.getPackageName());
  }

  /** How much may wait. */
  BacklogRules rules() {
    return BacklogRules.DEFAULT;
  }

  void start() {
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

  SessionRecord[] many(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> record(SessionId.create(NOW, random), 1, Phase.CONNECTED, 0))
        .toArray(SessionRecord[]::new);
  }

  void publish(SessionRecord... records) {
    publish(false, List.of(records), List.of());
  }

  void publish(boolean reset, List<SessionRecord> records, List<SessionKey> removals) {
    Position before = position;
    position = new Position(before.epoch(), before.seq() + 1);
    stream.add(position, reset, records, removals);
    journal.published(new ChangeSet(SELF, position, before.seq(), reset, records, removals));
  }

  static SessionRecord record(SessionId id, int attempt, Phase phase, long signAfter) {
    return record(id, attempt, phase, signAfter, null);
  }

  static SessionRecord closed(SessionId id, int attempt, long signAfter, CloseReason reason) {
    return record(id, attempt, Phase.CLOSED, signAfter, reason);
  }

  static SessionRecord record(
      SessionId id, int attempt, Phase phase, long signAfter, @Nullable CloseReason reason) {
    return new SessionRecord(
        id, ALICE, "phone", attempt, phase, Activity.ACTIVE, Wish.NONE, NOW + signAfter, reason);
  }

  SessionRecord wishing(Wish wish) {
    return record(SessionId.create(NOW, random), 1, Phase.CONNECTED, 0).withWish(wish);
  }

  static ChangeSet change(long seq, SessionRecord... records) {
    return new ChangeSet(OTHER, new Position(1, seq), seq - 1, false, List.of(records), List.of());
  }

  static SessionRow openRow(SessionId id) {
    return openRow(id, 1);
  }

  static SessionRow openRow(SessionId id, long epoch) {
    return new SessionRow(id, ALICE, "phone", 1, epoch, NOW, 0, null);
  }

  SessionRow row(SessionId id) {
    return requireNonNull(sink.rows.get(id)).row();
  }
}
