package dev.presence.server.cluster;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;

/**
 * What the rest of the server learns from the cluster. Calls come from the cluster's loop; none
 * blocks.
 */
public interface ClusterEvents {

  /** A change set of this node is acknowledged. {@code epoch} is the node's. */
  void published(ChangeSet changeSet);

  /**
   * A node is lost, and this server is the one to settle its affairs: called until {@link
   * Cluster#settled}.
   */
  void settle(NodeId node, long lastRenewalMillis);
}
