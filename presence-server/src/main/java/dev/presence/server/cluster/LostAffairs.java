package dev.presence.server.cluster;

import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lost nodes leave behind. Of the live nodes one has a lost node's history finished, and only
 * then, and once all have seen the mark, deletes its keys; should two believe that they are the
 * one, no harm is done. Belongs to the cluster's loop.
 */
final class LostAffairs {

  private static final Logger log = LoggerFactory.getLogger(LostAffairs.class);

  /** How long a lost node's record is kept, so that every server sees the mark. */
  private static final long KEEP_LOST_MILLIS = 60_000;

  private final ClusterStore store;
  private final NodeId self;
  private final long leaseMillis;
  private final ClusterEvents events;

  /** Lost nodes whose history is finished. */
  private final Map<NodeId, Finished> finished = new TreeMap<>();

  private Map<NodeId, NodeRecord> records = Map.of();

  /**
   * A history that is finished.
   *
   * @param head up to where; empty if nothing of it was left in the store
   * @param deadlineMillis the lease that had run out: a node that has come back since, and is lost
   *     again, has a later one, and more to be finished
   */
  private record Finished(Optional<Head> head, long deadlineMillis) {}

  LostAffairs(ClusterStore store, NodeId self, long leaseMillis, ClusterEvents events) {
    this.store = store;
    this.self = self;
    this.leaseMillis = leaseMillis;
    this.events = events;
  }

  /** Looks through all records, as of {@code nowMillis} (shared clock). */
  void settle(Map<NodeId, NodeRecord> newest, Collection<NodeId> live, long nowMillis) {
    records = newest;
    forgetUnlisted();
    for (NodeRecord record : newest.values()) {
      NodeId node = record.node();
      if (!record.lost() || node.equals(self) || !self.equals(heir(node, live))) {
        continue;
      }
      Finished history = finished.get(node);
      if (history == null || history.deadlineMillis != record.leaseDeadlineMillis()) {
        finished.remove(node);
        events.settle(node, record.leaseDeadlineMillis() - leaseMillis);
      } else if (nowMillis > record.leaseDeadlineMillis() + KEEP_LOST_MILLIS) {
        // Should the keys not be what they were, its history is finished once more.
        finished.remove(node);
        forget(node, record.leaseDeadlineMillis(), history.head.orElse(null));
      }
    }
  }

  /** Of a node that the store has dropped from its list nobody but us knows that it has keys. */
  private void forgetUnlisted() {
    finished
        .entrySet()
        .removeIf(
            done -> {
              boolean unlisted = !records.containsKey(done.getKey());
              if (unlisted) {
                forget(done.getKey(), 0, done.getValue().head.orElse(null));
              }
              return unlisted;
            });
  }

  /**
   * A node's history is finished.
   *
   * @param head up to where; null if nothing of it was left in the store
   */
  void finished(NodeId node, @Nullable Head head) {
    NodeRecord record = records.get(node);
    if (record == null) {
      // Its record was lost before anybody could mark it, and it has been silent for minutes.
      forget(node, 0, head);
    } else if (record.lost()) {
      finished.put(node, new Finished(Optional.ofNullable(head), record.leaseDeadlineMillis()));
    }
  }

  private void forget(NodeId node, long deadlineMillis, @Nullable Head head) {
    var _ =
        store
            .forget(node, deadlineMillis, head)
            .whenComplete(
                (forgotten, failure) ->
                    log.atInfo()
                        .addKeyValue("node", node)
                        .addKeyValue("forgotten", forgotten)
                        .setCause(failure)
                        .log("a lost node's keys"));
  }

  /**
   * The live node with the highest score for {@code lostNode} (rendezvous hashing): all servers
   * choose the same.
   */
  private NodeId heir(NodeId lostNode, Collection<NodeId> live) {
    NodeId best = self;
    for (NodeId candidate : live) {
      if (score(candidate, lostNode) > score(best, lostNode)) {
        best = candidate;
      }
    }
    return best;
  }

  private static int score(NodeId candidate, NodeId lostNode) {
    int hash = (candidate.value() + '/' + lostNode.value()).hashCode();
    return (hash ^ (hash >>> 16)) * 0x45d9f3b;
  }
}
