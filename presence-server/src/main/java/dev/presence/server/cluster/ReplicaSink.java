package dev.presence.server.cluster;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionRecord;
import java.util.List;

/**
 * What takes in what this server learns of others: the lanes. Calls come from the cluster's loop,
 * in order; none blocks.
 */
public interface ReplicaSink {

  /** The next change set of a node. */
  void apply(ChangeSet changeSet);

  /** All of a node's part, in place of what was known of it. */
  void replace(NodeId node, List<SessionRecord> records);

  /** The verdict that a node is lost: its sessions count no more. */
  void drop(NodeId node, long lastRenewalMillis);

  /**
   * This server's knowledge is as old as {@code asOfMillis} (shared clock), or is complete again.
   */
  void staleness(boolean stale, long asOfMillis);

  /**
   * This server itself was taken for lost: sessions whose client has not spoken lately are closed.
   * {@code done} runs, on any thread, when their records have been handed to the cluster.
   */
  void backFromLost(Runnable done);
}
