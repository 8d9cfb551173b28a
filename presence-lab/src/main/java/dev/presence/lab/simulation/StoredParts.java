package dev.presence.lab.simulation;

import dev.presence.server.model.NodeId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All nodes' keys in the fake Redis; those go by themselves to which nobody writes for long. */
final class StoredParts {

  private final VirtualTime time;
  private final Map<NodeId, StoredNode> parts = new TreeMap<>();

  StoredParts(VirtualTime time) {
    this.time = time;
  }

  StoredParts(StoredParts original) {
    this(original.time);
    original.parts.forEach((node, part) -> parts.put(node, new StoredNode(part)));
  }

  @Nullable StoredNode get(NodeId node) {
    StoredNode part = parts.get(node);
    if (part != null && part.goMillis() <= time.nowMillis()) {
      parts.remove(node);
      return null;
    }
    return part;
  }

  void put(NodeId node, StoredNode part) {
    parts.put(node, part);
  }

  /** A node is in the list of nodes now. */
  void listed(NodeId node) {
    StoredNode part = parts.get(node);
    if (part != null) {
      part.listed();
    }
  }

  void remove(NodeId node) {
    parts.remove(node);
  }

  /** For how long a node's keys stay if nobody writes to them; -1 if it has none. */
  long keptMillis(NodeId node) {
    StoredNode part = get(node);
    return part == null ? -1 : part.goMillis() - time.nowMillis();
  }

  /** How many sessions there are, by node, of those that are, or were, in the list of nodes. */
  Map<NodeId, Integer> sessionCounts(Predicate<NodeId> isListed) {
    Map<NodeId, Integer> counts = new TreeMap<>();
    parts.forEach(
        (node, part) -> {
          if (part.sessionCount() > 0 && (part.wasListed() || isListed.test(node))) {
            counts.put(node, part.sessionCount());
          }
        });
    return counts;
  }
}
