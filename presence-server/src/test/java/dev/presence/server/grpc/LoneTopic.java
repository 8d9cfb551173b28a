package dev.presence.server.grpc;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.util.function.Consumer;

/** The topic of a node that is alone in the world: nobody speaks. */
final class LoneTopic implements ChangeTopic {

  @Override
  public Subscription subscribe(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
    return () -> {};
  }

  @Override
  public void rebuild() {}
}
