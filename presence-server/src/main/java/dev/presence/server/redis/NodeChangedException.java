package dev.presence.server.redis;

import dev.presence.server.model.NodeId;

/** A node's part changed under a reader in a way that no image can bridge. Reading again helps. */
final class NodeChangedException extends RuntimeException {

  NodeChangedException(NodeId node, String what) {
    super("node " + node + " changed while it was read: " + what);
  }
}
