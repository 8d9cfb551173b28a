package dev.presence.server.journal;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import java.util.concurrent.CompletionStage;

/** Where the history finds what a lost node had published, and may not have written. */
@FunctionalInterface
public interface LostNodes {

  /**
   * Reads what is left of a node. Does not block; fails if the store does not answer.
   *
   * @param written up to where the node's change sets are in the history
   */
  CompletionStage<Remains> remains(NodeId node, Position written);
}
