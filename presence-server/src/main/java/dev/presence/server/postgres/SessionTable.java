package dev.presence.server.postgres;

import static dev.presence.server.postgres.schema.Tables.SESSIONS;
import static org.jooq.impl.DSL.val;

import dev.presence.server.journal.SessionRow;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code sessions}: which row stands when several writers have something to say of one
 * session. The greater (attempt, node epoch, phase) does, so that neither an old owner nor a late
 * finisher undoes what is newer. Epochs of two nodes say nothing of each other: where both speak of
 * one attempt, since a sign-out outran the Open that it ends, the greater phase stands, and where
 * both have closed it the later last sign of life: who heard the client last knows how it left. An
 * id is good only together with its user, so that nobody can touch another's row.
 *
 * <p>A row that stands is right in all it says, the last sign of life too: what a finisher could
 * only guess goes when its owner tells. It is the user's last seen that never goes back.
 */
final class SessionTable {

  private static final short OPEN = 1;
  private static final short LOST = 2;
  private static final short CLOSED = 3;

  private static final String UPSERT =
      """
      insert into sessions as t
        (session_id, opened_at, user_id, device, node_id, attempt, node_epoch, phase,
         last_sign_of_life_at, closed_at, close_reason)
      select r.session_id, r.opened_at, r.user_id, r.device, {0}, r.attempt, r.node_epoch, r.phase,
             r.last_sign_of_life_at, r.closed_at, r.close_reason
      from unnest({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10})
        as r (session_id, opened_at, user_id, device, attempt, node_epoch, phase,
              last_sign_of_life_at, closed_at, close_reason)
      on conflict (session_id, opened_at) do update set
        node_id = excluded.node_id,
        attempt = excluded.attempt,
        node_epoch = excluded.node_epoch,
        phase = excluded.phase,
        last_sign_of_life_at = excluded.last_sign_of_life_at,
        closed_at = excluded.closed_at,
        close_reason = excluded.close_reason
      where t.user_id = excluded.user_id
        and (excluded.attempt,
             case when excluded.node_id = t.node_id then excluded.node_epoch else 0 end,
             excluded.phase,
             case when excluded.node_id <> t.node_id then excluded.last_sign_of_life_at end)
          > (t.attempt,
             case when excluded.node_id = t.node_id then t.node_epoch else 0 end,
             t.phase,
             case when excluded.node_id <> t.node_id then t.last_sign_of_life_at end)
      """;

  private static final String CLOSE_LOST =
      """
      with chosen as (
        select session_id, opened_at from sessions
        where node_id = {0} and node_epoch <= {6} and closed_at is null
        order by session_id, opened_at
        limit {1}
        for no key update
      )
      update sessions t set
        phase = {2},
        closed_at = {3},
        close_reason = {4},
        last_sign_of_life_at = greatest(t.last_sign_of_life_at, {5})
      from chosen
      where t.session_id = chosen.session_id and t.opened_at = chosen.opened_at
        and t.node_id = {0} and t.node_epoch <= {6} and t.closed_at is null
      returning t.user_id, t.last_sign_of_life_at
      """;

  private SessionTable() {}

  /**
   * Writes rows of different sessions; one that is not newer than what stands there does nothing.
   */
  static void upsert(DSLContext jooq, NodeId node, Collection<SessionRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<SessionRow> sorted =
        rows.stream().sorted(Comparator.comparing(SessionRow::session)).toList();
    jooq.execute(
        UPSERT,
        val(node.value()),
        column(sorted, SQLDataType.UUID, UUID[]::new, row -> row.session().uuid()),
        column(sorted, SQLDataType.INSTANT, Instant[]::new, SessionTable::openedAt),
        column(sorted, SQLDataType.CLOB, String[]::new, row -> row.user().value()),
        column(sorted, SQLDataType.CLOB, String[]::new, SessionTable::device),
        column(sorted, SQLDataType.INTEGER, Integer[]::new, SessionRow::attempt),
        column(sorted, SQLDataType.BIGINT, Long[]::new, SessionRow::nodeEpoch),
        column(sorted, SQLDataType.SMALLINT, Short[]::new, SessionTable::phase),
        column(sorted, SQLDataType.INSTANT, Instant[]::new, SessionTable::lastSignOfLife),
        column(sorted, SQLDataType.INSTANT, Instant[]::new, SessionTable::closedAt),
        column(sorted, SQLDataType.CLOB, String[]::new, SessionTable::closeReason));
  }

  /**
   * Closes up to {@code limit} rows that {@code node} left open in {@code epoch} or before, tells
   * whose they are and the last sign of life that they now show, and returns how many they were.
   */
  static int closeLost(
      DSLContext jooq,
      NodeId node,
      long epoch,
      Instant lastRenewal,
      Instant now,
      int limit,
      BiConsumer<UserId, Instant> closed) {
    Result<Record2<String, Instant>> rows =
        jooq.resultQuery(
                CLOSE_LOST,
                val(node.value()),
                val(limit),
                val(LOST),
                val(now),
                val(CloseReason.NODE_LOST.name()),
                val(lastRenewal),
                val(epoch))
            .coerce(SESSIONS.USER_ID, SESSIONS.LAST_SIGN_OF_LIFE_AT)
            .fetch();
    rows.forEach(row -> closed.accept(new UserId(row.value1()), row.value2()));
    return rows.size();
  }

  /** Which rows are open in this node's name. */
  static Condition openIn(NodeId node) {
    return SESSIONS.NODE_ID.eq(node.value()).and(SESSIONS.CLOSED_AT.isNull());
  }

  /** The rows that are open in this node's name. */
  static List<SessionRow> openRows(DSLContext jooq, NodeId node) {
    return jooq.select(
            SESSIONS.SESSION_ID,
            SESSIONS.USER_ID,
            SESSIONS.DEVICE,
            SESSIONS.ATTEMPT,
            SESSIONS.NODE_EPOCH,
            SESSIONS.LAST_SIGN_OF_LIFE_AT)
        .from(SESSIONS)
        .where(openIn(node))
        .orderBy(SESSIONS.SESSION_ID)
        .fetch(
            row ->
                new SessionRow(
                    new SessionId(row.value1()),
                    new UserId(row.value2()),
                    row.value3(),
                    row.value4(),
                    row.value5(),
                    row.value6().toEpochMilli(),
                    0,
                    null));
  }

  private static <T extends @Nullable Object> Field<?> column(
      List<SessionRow> rows,
      DataType<T> type,
      IntFunction<T[]> array,
      Function<SessionRow, T> value) {
    return val(rows.stream().map(value).toArray(array), type.array());
  }

  private static Instant openedAt(SessionRow row) {
    return Instant.ofEpochMilli(row.session().openedAtMillis());
  }

  /**
   * Without the one character that PostgreSQL cannot store: it would hold up all rows behind it.
   */
  private static String device(SessionRow row) {
    return row.device().replace("\0", "");
  }

  private static short phase(SessionRow row) {
    return row.lost() ? LOST : row.closed() ? CLOSED : OPEN;
  }

  private static Instant lastSignOfLife(SessionRow row) {
    return Instant.ofEpochMilli(row.lastSignOfLifeMillis());
  }

  private static @Nullable Instant closedAt(SessionRow row) {
    return row.closed() ? Instant.ofEpochMilli(row.closedAtMillis()) : null;
  }

  private static @Nullable String closeReason(SessionRow row) {
    CloseReason reason = row.closeReason();
    return reason == null ? null : reason.name();
  }
}
