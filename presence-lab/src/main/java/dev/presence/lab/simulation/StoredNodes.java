package dev.presence.lab.simulation;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.Map;
import java.util.TreeMap;

/**
 * The list of nodes in the fake Redis, with the shared clock beside it: the server's own time plus
 * an offset, which grows whenever the sum would go back.
 */
final class StoredNodes {

  final Map<NodeId, NodeRecord> records = new TreeMap<>();
  private long lastMillis;
  private long offsetMillis;

  StoredNodes() {}

  StoredNodes(StoredNodes original) {
    records.putAll(original.records);
    lastMillis = original.lastMillis;
    offsetMillis = original.offsetMillis;
  }

  /** The shared time, given what the server's own clock says. */
  long now(long serverMillis, long notBeforeMillis) {
    lastMillis = Math.max(lastMillis, notBeforeMillis);
    long now = serverMillis + offsetMillis;
    if (now < lastMillis) {
      offsetMillis += lastMillis - now;
      now = lastMillis;
    }
    lastMillis = now;
    return now;
  }

  static NodeRecord with(NodeRecord record, long deadlineMillis, boolean lost) {
    return new NodeRecord(
        record.node(),
        deadlineMillis,
        lost,
        record.head(),
        record.address(),
        record.sessionCount(),
        record.behind(),
        record.countsMore(),
        record.serving(),
        record.draining());
  }
}
