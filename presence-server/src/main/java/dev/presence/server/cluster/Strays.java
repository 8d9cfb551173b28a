package dev.presence.server.cluster;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of nodes that nobody counts and nobody has marked lost: a store that was rolled back has
 * brought them back, or their servers died with all others. They are marked once they have not
 * moved for as long as a node takes to be lost, so that their history is finished and their keys
 * go. Belongs to the cluster's loop.
 */
final class Strays {

  private static final Logger log = LoggerFactory.getLogger(Strays.class);

  private final ClusterStore store;
  private final NodeId self;
  private final long patienceMillis;

  /** The deadline that each stray showed first, and when that was. */
  private final Map<NodeId, Sighting> seen = new TreeMap<>();

  private record Sighting(long deadlineMillis, long sinceMillis) {}

  Strays(ClusterStore store, NodeId self, long patienceMillis) {
    this.store = store;
    this.self = self;
    this.patienceMillis = patienceMillis;
  }

  /**
   * Looks through all records.
   *
   * @param counted the nodes whose verdicts are passed elsewhere
   * @param interrupted contact was regained just now, and every lease counts as renewed
   */
  void judge(
      Map<NodeId, NodeRecord> records, Set<NodeId> counted, long nowMillis, boolean interrupted) {
    if (interrupted) {
      seen.clear();
    }
    seen.keySet().retainAll(records.keySet());
    for (NodeRecord record : records.values()) {
      NodeId node = record.node();
      if (record.lost() || node.equals(self) || counted.contains(node)) {
        seen.remove(node);
        continue;
      }
      Sighting sighting = seen.get(node);
      if (sighting == null || sighting.deadlineMillis != record.leaseDeadlineMillis()) {
        seen.put(node, new Sighting(record.leaseDeadlineMillis(), nowMillis));
      } else if (nowMillis - sighting.sinceMillis > patienceMillis) {
        seen.remove(node);
        mark(node, record.leaseDeadlineMillis());
      }
    }
  }

  private void mark(NodeId node, long deadlineMillis) {
    var _ =
        store
            .markLost(node, deadlineMillis)
            .whenComplete(
                (marked, failure) ->
                    log.atInfo()
                        .addKeyValue("node", node)
                        .addKeyValue("marked", marked)
                        .setCause(failure)
                        .log("a node that nobody counts is taken for lost"));
  }
}
