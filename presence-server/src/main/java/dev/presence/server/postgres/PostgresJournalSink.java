package dev.presence.server.postgres;

import static dev.presence.server.postgres.schema.Tables.JOURNAL_CURSOR;
import static dev.presence.server.postgres.schema.Tables.NODES;
import static dev.presence.server.postgres.schema.Tables.SESSIONS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentInstant;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.presence.server.journal.JournalSink;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record1;

/**
 * Keeps the history in PostgreSQL. Thread-safe: nodes, and the threads of one, may write at the
 * same time, since every row says whether it is newer than what stands there.
 *
 * <p>All transactions lock sessions first and users second, each in the order of their keys, so
 * that writers wait for each other but do not deadlock.
 */
public final class PostgresJournalSink implements JournalSink {

  /** Bounds the time for which the rows of a lost node are locked. */
  private static final int ROWS_AT_A_TIME = 2_000;

  private final PostgresPool pool;

  /** A sink that writes through {@code pool}. */
  public PostgresJournalSink(PostgresPool pool) {
    this.pool = pool;
  }

  @Override
  public void write(
      NodeId node, Position cursor, Collection<SessionRow> rows, Collection<WishRow> wishes) {
    pool.<Void>transaction(
        jooq -> {
          rows.stream()
              .filter(row -> !row.closed())
              .mapToLong(SessionRow::lastSignOfLifeMillis)
              .max()
              .ifPresent(newest -> reopen(jooq, node, newest));
          SessionTable.upsert(jooq, node, rows);
          Map<UserId, Long> seen = new LinkedHashMap<>();
          for (SessionRow row : rows) {
            if (row.closed()) {
              seen.merge(row.user(), row.lastSignOfLifeMillis(), Math::max);
            }
          }
          UserTable.update(jooq, seen, wishes);
          advance(jooq, node, cursor);
          return null;
        });
  }

  /**
   * A node that opens rows is one to be looked after: it has not ended, whatever a finisher said
   * who took it for lost, and it is known, though it may not have come to say that it is alive. Its
   * row is locked before it is looked at, here and in {@link #end}: neither misses the other.
   */
  private static void reopen(DSLContext jooq, NodeId node, long nowMillis) {
    Optional<Record1<Instant>> known =
        jooq.select(NODES.ENDED_AT)
            .from(NODES)
            .where(NODES.ID.eq(node.value()))
            .forShare()
            .fetchOptional();
    if (known.isEmpty() || known.get().value1() != null) {
      Instant now = Instant.ofEpochMilli(nowMillis);
      jooq.insertInto(NODES)
          .columns(NODES.ID, NODES.STARTED_AT, NODES.ALIVE_AT)
          .values(node.value(), now, now)
          .onConflict(NODES.ID)
          .doUpdate()
          .setNull(NODES.ENDED_AT)
          .execute();
    }
  }

  private static void advance(DSLContext jooq, NodeId node, Position cursor) {
    jooq.insertInto(JOURNAL_CURSOR)
        .columns(
            JOURNAL_CURSOR.NODE_ID,
            JOURNAL_CURSOR.EPOCH,
            JOURNAL_CURSOR.SEQ,
            JOURNAL_CURSOR.UPDATED_AT)
        .values(val(node.value()), val(cursor.epoch()), val(cursor.seq()), currentInstant())
        .onConflict(JOURNAL_CURSOR.NODE_ID)
        .doUpdate()
        .set(JOURNAL_CURSOR.EPOCH, excluded(JOURNAL_CURSOR.EPOCH))
        .set(JOURNAL_CURSOR.SEQ, excluded(JOURNAL_CURSOR.SEQ))
        .set(JOURNAL_CURSOR.UPDATED_AT, excluded(JOURNAL_CURSOR.UPDATED_AT))
        .where(
            row(excluded(JOURNAL_CURSOR.EPOCH), excluded(JOURNAL_CURSOR.SEQ))
                .gt(row(JOURNAL_CURSOR.EPOCH, JOURNAL_CURSOR.SEQ)))
        .execute();
  }

  /** A node that was taken for lost and speaks again is running again. */
  @Override
  public void alive(NodeId node, String address, long startedAtMillis, long nowMillis) {
    pool.jooq()
        .insertInto(NODES)
        .columns(NODES.ID, NODES.ADDRESS, NODES.STARTED_AT, NODES.ALIVE_AT)
        .values(
            node.value(),
            address.isEmpty() ? null : address,
            Instant.ofEpochMilli(startedAtMillis),
            Instant.ofEpochMilli(nowMillis))
        .onConflict(NODES.ID)
        .doUpdate()
        .set(NODES.STARTED_AT, least(NODES.STARTED_AT, excluded(NODES.STARTED_AT)))
        .set(NODES.ALIVE_AT, greatest(NODES.ALIVE_AT, excluded(NODES.ALIVE_AT)))
        .set(NODES.ADDRESS, excluded(NODES.ADDRESS))
        .setNull(NODES.ENDED_AT)
        .execute();
  }

  @Override
  public List<String> openAddresses() {
    return pool.jooq()
        .select(NODES.ADDRESS)
        .from(NODES)
        .where(NODES.ENDED_AT.isNull(), NODES.ADDRESS.isNotNull())
        .groupBy(NODES.ADDRESS) // a server that starts again and again has one
        .orderBy(max(NODES.ALIVE_AT).desc())
        .limit(Limits.ACQUAINTANCES)
        .fetch(NODES.ADDRESS);
  }

  @Override
  public Map<NodeId, Long> openNodes() {
    Map<NodeId, Long> nodes = new LinkedHashMap<>();
    pool.jooq()
        .select(NODES.ID, NODES.ALIVE_AT)
        .from(NODES)
        .where(NODES.ENDED_AT.isNull())
        .orderBy(NODES.ID.collate("C"))
        .forEach(row -> nodes.put(new NodeId(row.value1()), row.value2().toEpochMilli()));
    return nodes;
  }

  @Override
  public int closeLost(NodeId node, long epoch, long lastRenewalMillis, long nowMillis) {
    int closed = 0;
    int chunk;
    do {
      chunk = pool.transaction(jooq -> closeSome(jooq, node, epoch, lastRenewalMillis, nowMillis));
      closed += chunk;
    } while (chunk == ROWS_AT_A_TIME);
    // One that has come back may have opened rows meanwhile, and end again before it says so.
    end(node, nowMillis, notExists(selectOne().from(SESSIONS).where(SessionTable.openIn(node))));
    return closed;
  }

  private static int closeSome(
      DSLContext jooq, NodeId node, long epoch, long lastRenewalMillis, long nowMillis) {
    Map<UserId, Long> seen = new LinkedHashMap<>();
    int closed =
        SessionTable.closeLost(
            jooq,
            node,
            epoch,
            Instant.ofEpochMilli(lastRenewalMillis),
            Instant.ofEpochMilli(nowMillis),
            ROWS_AT_A_TIME,
            (user, lastSign) -> seen.merge(user, lastSign.toEpochMilli(), Math::max));
    UserTable.update(jooq, seen, List.of());
    return closed;
  }

  @Override
  public void ended(NodeId node, long nowMillis) {
    end(node, nowMillis, noCondition());
  }

  private void end(NodeId node, long nowMillis, Condition condition) {
    pool.<Void>transaction(
        jooq -> {
          jooq.selectOne().from(NODES).where(NODES.ID.eq(node.value())).forUpdate().execute();
          jooq.update(NODES)
              .set(NODES.ENDED_AT, coalesce(NODES.ENDED_AT, val(Instant.ofEpochMilli(nowMillis))))
              .where(NODES.ID.eq(node.value()), condition)
              .execute();
          return null;
        });
  }

  @Override
  public Position cursor(NodeId node) {
    return pool.jooq()
        .select(JOURNAL_CURSOR.EPOCH, JOURNAL_CURSOR.SEQ)
        .from(JOURNAL_CURSOR)
        .where(JOURNAL_CURSOR.NODE_ID.eq(node.value()))
        .fetchOptional(row -> new Position(row.value1(), row.value2()))
        .orElse(Position.NONE);
  }

  @Override
  public long openEpoch(NodeId node) {
    return pool.jooq()
        .select(coalesce(max(SESSIONS.NODE_EPOCH), val(0L)))
        .from(SESSIONS)
        .where(SessionTable.openIn(node))
        .fetchSingle(row -> row.value1());
  }

  @Override
  public List<SessionRow> openRows(NodeId node) {
    return SessionTable.openRows(pool.jooq(), node);
  }
}
