package dev.presence.server.cluster;

import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lost nodes, as they were lost. A later epoch lets a node back in, or a later lease: should the
 * store have forgotten the mark, the node itself does not know that it was lost. Belongs to the
 * cluster's loop.
 */
final class Losses {

  private final Map<NodeId, Loss> lost =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Loss> eldest) {
          return size() > Limits.REMEMBERED_NODES;
        }
      };

  /** How far a node had come when it was lost. */
  private record Loss(long epoch, long deadlineMillis) {

    static Loss later(Loss a, Loss b) {
      return new Loss(Math.max(a.epoch, b.epoch), Math.max(a.deadlineMillis, b.deadlineMillis));
    }

    boolean isOver(NodeRecord record) {
      return record.head().epoch() > epoch || record.leaseDeadlineMillis() > deadlineMillis;
    }
  }

  /** A node is lost that said this last. */
  void remember(NodeRecord record) {
    Loss loss = new Loss(record.head().epoch(), record.leaseDeadlineMillis());
    lost.merge(record.node(), loss, Loss::later);
  }

  /** Whether what a node says is of the time before it was lost. */
  boolean holdAgainst(NodeRecord record) {
    Loss loss = lost.get(record.node());
    return loss != null && !loss.isOver(record);
  }

  /** A node has come back. */
  void forget(NodeId node) {
    lost.remove(node);
  }
}
