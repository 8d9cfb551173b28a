package dev.presence.server.cluster;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.util.function.Consumer;

/**
 * Wakes a server when another node has published. Messages may be lost, and have no order among
 * nodes; the store is the truth.
 */
public interface ChangeTopic {

  /**
   * Subscribes to a node's change sets. Returns at once.
   *
   * @param onChange called for each message, on any thread, one after the other
   * @param onSubscribed called each time the subscription is (again) in force: messages before it
   *     may have been missed
   */
  Subscription subscribe(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed);

  /**
   * Begins anew, since messages have ceased to come: every subscription is made again, on fresh
   * connections, and says {@code onSubscribed} then. Returns at once.
   */
  void rebuild();

  /** A subscription in force or under way. */
  interface Subscription {
    /** Ends it. Returns at once. */
    void cancel();
  }
}
