package dev.presence.server.journal;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Head;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is left of one lost node as the node itself would have: its change sets, then the
 * sessions in its map, a part at a time. Those that were suspended it closes: their last sign of
 * life is known, and no row tells of it. Belongs to the journal's loop.
 */
final class LostHistory {

  private final RowWriter writer;
  private final @Nullable Head head;
  private final long openEpoch;
  private final long lastRenewalMillis;
  private final long nowMillis;
  private final Ledger ledger = new Ledger();
  private final Iterator<ChangeSet> parts;

  /**
   * Prepares to write.
   *
   * @param openEpoch the last epoch of the rows that the node left open
   * @param lastRenewalMillis stands for the end of sessions that ended, of which the node kept no
   *     time
   * @param nowMillis when the suspended sessions end
   */
  LostHistory(
      NodeId node,
      Remains remains,
      long openEpoch,
      long lastRenewalMillis,
      long nowMillis,
      RowWriter writer) {
    this.writer = writer;
    this.openEpoch = openEpoch;
    this.lastRenewalMillis = lastRenewalMillis;
    this.nowMillis = nowMillis;
    head = remains.head();
    List<ChangeSet> all = new ArrayList<>(remains.changes());
    List<SessionRecord> sessions = remains.sessions();
    for (int from = 0; from < sessions.size(); from += Limits.BATCH_ROWS) {
      int to = Math.min(sessions.size(), from + Limits.BATCH_ROWS);
      all.add(new ChangeSet(node, mapPosition(), 0, false, sessions.subList(from, to), List.of()));
    }
    parts = all.iterator();
  }

  /** What is in the map comes after all change sets. */
  private Position mapPosition() {
    return new Position(headEpoch(), 0);
  }

  /** The last epoch in which the node can have written rows. */
  long epoch() {
    return Math.max(openEpoch, headEpoch());
  }

  /**
   * The same, as far as its remains tell; 0 if they do not. While it builds a part, it has written
   * none of that epoch; should it come back, it may go on with that.
   */
  private long headEpoch() {
    if (head == null) {
      return 0;
    }
    return head.building() ? head.position().epoch() - 1 : head.position().epoch();
  }

  /**
   * Writes everything, trying until it is done, and then runs {@code then}. The cursor moves at the
   * end, in one step: who takes over in the middle begins again. It does not move into a part that
   * is being built, since what that will hold is not in the history.
   */
  void write(Runnable then) {
    while (parts.hasNext() && writer.waiting() < Limits.BATCH_ROWS) {
      add(parts.next());
    }
    boolean all = !parts.hasNext();
    if (all && head != null && !head.building()) {
      writer.add(head.position(), List.of());
    }
    var _ = writer.drain().thenRun(all ? then : () -> write(then));
  }

  private void add(ChangeSet part) {
    for (SessionRecord record : part.records()) {
      if (record.wish().atMillis() > 0) {
        writer.add(record.user(), record.wish());
      }
    }
    writer.add(ledger.enter(part, lastRenewalMillis));
    if (part.position().equals(mapPosition())) {
      writer.add(part.records().stream().filter(LostHistory::isSuspended).map(this::lost).toList());
    }
  }

  private static boolean isSuspended(SessionRecord record) {
    return record.phase() == Phase.SUSPENDED;
  }

  private SessionRow lost(SessionRecord suspended) {
    return new SessionRow(
        suspended.id(),
        suspended.user(),
        suspended.device(),
        suspended.attempt(),
        epoch(),
        suspended.lastSignOfLifeMillis(),
        Math.max(nowMillis, suspended.lastSignOfLifeMillis()),
        CloseReason.NODE_LOST);
  }
}
