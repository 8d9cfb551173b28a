package dev.presence.server.journal;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Limits;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of a node's changes make a row of the history: a session's first record in each of
 * its attempts, and its end. Changes of status make none.
 */
final class Ledger {

  /** The newest row of each session that the node publishes, tombstones included. */
  private final Map<SessionKey, SessionRow> newest = new LinkedHashMap<>();

  /** When the clients of sessions were heard last that have moved away since; the newest ones. */
  private final Map<SessionKey, Long> movedAway =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionKey, Long> eldest) {
          return size() > Limits.REMEMBERED_MOVES;
        }
      };

  /**
   * The rows that come of a change set of the node.
   *
   * @param nowMillis when the sessions that have ended with it did
   */
  List<SessionRow> enter(ChangeSet changeSet, long nowMillis) {
    long epoch = changeSet.position().epoch();
    List<SessionRow> rows = new ArrayList<>();
    for (SessionRecord record : changeSet.records()) {
      SessionRow row =
          record.phase() == Phase.CLOSED
              ? closing(record, epoch, nowMillis)
              : opening(record, epoch);
      if (row != null) {
        newest.put(record.key(), row);
        rows.add(row);
      }
    }
    changeSet.removals().forEach(this::remove);
    if (changeSet.reset()) {
      reopen(epoch, rows);
    }
    return rows;
  }

  private void remove(SessionKey session) {
    SessionRow row = newest.remove(session);
    if (row != null && !row.closed()) {
      movedAway.put(session, row.lastSignOfLifeMillis());
    }
  }

  private @Nullable SessionRow opening(SessionRecord record, long epoch) {
    SessionRow before = newest.get(record.key());
    if (before == null || before.attempt() < record.attempt()) {
      return row(record, epoch, 0, null);
    }
    if (before.attempt() == record.attempt() && !before.closed()) {
      newest.put(record.key(), row(record, before.nodeEpoch(), 0, null));
    }
    return null;
  }

  private @Nullable SessionRow closing(SessionRecord record, long epoch, long nowMillis) {
    if (record.closeReason() == CloseReason.REPLACED) {
      // An id that nobody knew is buried for its user: not a session of this node.
      return null;
    }
    SessionRow before = newest.get(record.key());
    if (before != null && before.closed() && before.attempt() >= record.attempt()) {
      return null;
    }
    CloseReason reason =
        Objects.requireNonNullElse(record.closeReason(), CloseReason.CONNECTION_LOST);
    return row(record, epoch, Math.max(nowMillis, record.lastSignOfLifeMillis()), reason);
  }

  /**
   * A new epoch may mean that the node was taken for lost, and its rows closed: what is still open
   * says so again.
   */
  private void reopen(long epoch, List<SessionRow> rows) {
    newest.replaceAll(
        (_, row) -> {
          if (row.closed() || row.nodeEpoch() >= epoch) {
            return row;
          }
          SessionRow again =
              new SessionRow(
                  row.session(),
                  row.user(),
                  row.device(),
                  row.attempt(),
                  epoch,
                  row.lastSignOfLifeMillis(),
                  0,
                  null);
          rows.add(again);
          return again;
        });
  }

  private static SessionRow row(
      SessionRecord record, long epoch, long closedAtMillis, @Nullable CloseReason reason) {
    return new SessionRow(
        record.id(),
        record.user(),
        record.device(),
        record.attempt(),
        epoch,
        record.lastSignOfLifeMillis(),
        closedAtMillis,
        reason);
  }

  /** When a client was heard last here whose session has moved away; 0 if that is not known. */
  long heardBeforeItMoved(SessionKey session) {
    return movedAway.getOrDefault(session, 0L);
  }

  /** Whether this session is open here. */
  boolean isOpen(SessionKey session) {
    SessionRow row = newest.get(session);
    return row != null && !row.closed();
  }

  /** The rows of all sessions that are open here. */
  List<SessionRow> openRows() {
    return newest.values().stream().filter(row -> !row.closed()).toList();
  }

  /** Whether a session is still open here. */
  boolean anyOpen() {
    return newest.values().stream().anyMatch(row -> !row.closed());
  }
}
