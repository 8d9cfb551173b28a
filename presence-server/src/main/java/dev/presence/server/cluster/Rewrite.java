package dev.presence.server.cluster;

import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * All of this node's part on its way into the store: begin, chunks in order, end. Each step is
 * fenced by the one before, so whatever the store loses meanwhile, a part that is missing something
 * is never taken for complete. Belongs to the cluster's loop.
 */
final class Rewrite {

  private final ClusterStore store;
  private final NodeId self;
  private final Position end;
  private final List<SessionRecord> records;

  private boolean begun;
  private int chunks;
  private boolean over;

  /**
   * A rewrite that is yet to begin.
   *
   * @param end where it ends: its epoch, and the sequence number of the change set that says reset
   * @param records all that the map is to hold
   */
  Rewrite(ClusterStore store, NodeId self, Position end, List<SessionRecord> records) {
    this.store = store;
    this.self = self;
    this.end = end;
    this.records = records;
  }

  /** Sends the step that is due, for the first time or again. */
  CompletionStage<Boolean> send() {
    int from = chunks * Limits.CHANGE_SET_ENTRIES;
    if (!begun) {
      return store.beginRewrite(self, end.epoch());
    } else if (from < records.size()) {
      int to = Math.min(records.size(), from + Limits.CHANGE_SET_ENTRIES);
      return store.addToRewrite(self, end.epoch(), chunks, records.subList(from, to));
    } else {
      return store.endRewrite(self, end, chunks);
    }
  }

  /** The step that was due is done. */
  void advance() {
    if (!begun) {
      begun = true;
    } else if (chunks * Limits.CHANGE_SET_ENTRIES < records.size()) {
      chunks++;
    } else {
      over = true;
    }
  }

  /** Whether all of the part stands in the store. */
  boolean over() {
    return over;
  }
}
