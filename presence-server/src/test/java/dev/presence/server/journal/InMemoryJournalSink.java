package dev.presence.server.journal;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A history in maps, by the rules of the real one; it can be away. */
public final class InMemoryJournalSink implements JournalSink {

  private static final int OPEN = 1;
  private static final int LOST = 2;
  private static final int CLOSED = 3;

  public final Map<SessionId, Stored> rows = new TreeMap<>();
  public final Map<UserId, Long> lastSeen = new TreeMap<>();
  public final Map<UserId, Wish> wishes = new TreeMap<>();
  public final Map<NodeId, Position> cursors = new TreeMap<>();
  public final Map<NodeId, Long> aliveAt = new TreeMap<>();

  /** How many rows each write that was done had. */
  public final List<Integer> writes = new ArrayList<>();

  /** Calls of any kind, done or not. */
  public int calls;

  public boolean away;

  /** After so many writes more it is away. */
  public int awayAfterWrites = Integer.MAX_VALUE;

  /** A row with its owner. */
  public record Stored(NodeId node, SessionRow row, int phase) {

    private boolean isNewer(Stored old) {
      if (row.attempt() != old.row.attempt()) {
        return row.attempt() > old.row.attempt();
      }
      if (node.equals(old.node) && row.nodeEpoch() != old.row.nodeEpoch()) {
        return row.nodeEpoch() > old.row.nodeEpoch();
      }
      boolean tie = phase == old.phase && !node.equals(old.node);
      return phase > old.phase
          || (tie && row.lastSignOfLifeMillis() > old.row.lastSignOfLifeMillis());
    }
  }

  @Override
  public void write(
      NodeId node, Position cursor, Collection<SessionRow> newRows, Collection<WishRow> newWishes) {
    call();
    long sessions = newRows.stream().map(SessionRow::session).distinct().count();
    if (sessions != newRows.size()) {
      throw new IllegalArgumentException("a session stands twice in one batch");
    }
    for (SessionRow row : newRows) {
      Stored stored = new Stored(node, row, row.lost() ? LOST : row.closed() ? CLOSED : OPEN);
      rows.merge(row.session(), stored, InMemoryJournalSink::newer);
      if (row.closed()) {
        lastSeen.merge(row.user(), row.lastSignOfLifeMillis(), Math::max);
      }
    }
    newWishes.forEach(wish -> wishes.merge(wish.user(), wish.wish(), Wish::newer));
    cursors.merge(node, cursor, (a, b) -> a.reached(b) ? a : b);
    writes.add(newRows.size());
    away = --awayAfterWrites == 0;
  }

  private static Stored newer(Stored old, Stored stored) {
    boolean sameUser = old.row.user().equals(stored.row.user());
    return sameUser && stored.isNewer(old) ? stored : old;
  }

  @Override
  public void alive(NodeId node, String address, long startedAtMillis, long nowMillis) {
    call();
    aliveAt.put(node, nowMillis);
  }

  @Override
  public List<String> openAddresses() {
    throw new UnsupportedOperationException("no story here has newborn servers");
  }

  @Override
  public Map<NodeId, Long> openNodes() {
    call();
    return new TreeMap<>(aliveAt);
  }

  @Override
  public int closeLost(NodeId node, long epoch, long lastRenewalMillis, long nowMillis) {
    call();
    int closed = 0;
    for (Map.Entry<SessionId, Stored> entry : rows.entrySet()) {
      Stored stored = entry.getValue();
      if (isOpen(stored, node) && stored.row.nodeEpoch() <= epoch) {
        SessionRow row = stored.row;
        long lastSign = Math.max(row.lastSignOfLifeMillis(), lastRenewalMillis);
        SessionRow lost =
            new SessionRow(
                row.session(),
                row.user(),
                row.device(),
                row.attempt(),
                row.nodeEpoch(),
                lastSign,
                nowMillis,
                CloseReason.NODE_LOST);
        entry.setValue(new Stored(node, lost, LOST));
        lastSeen.merge(row.user(), lastSign, Math::max);
        closed++;
      }
    }
    if (rows.values().stream().noneMatch(stored -> isOpen(stored, node))) {
      aliveAt.remove(node);
    }
    return closed;
  }

  private static boolean isOpen(Stored stored, NodeId node) {
    return stored.node.equals(node) && stored.phase == OPEN;
  }

  @Override
  public void ended(NodeId node, long nowMillis) {
    call();
    aliveAt.remove(node);
  }

  @Override
  public Position cursor(NodeId node) {
    call();
    return cursors.getOrDefault(node, Position.NONE);
  }

  @Override
  public long openEpoch(NodeId node) {
    return openRows(node).stream().mapToLong(SessionRow::nodeEpoch).max().orElse(0);
  }

  @Override
  public List<SessionRow> openRows(NodeId node) {
    call();
    return rows.values().stream().filter(stored -> isOpen(stored, node)).map(Stored::row).toList();
  }

  private void call() {
    calls++;
    if (away) {
      throw new IllegalStateException("away");
    }
  }
}
