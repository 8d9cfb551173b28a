package dev.presence.server.grpc;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The store of a node that is alone in the world: it answers at once, and keeps a head. */
final class LoneStore implements ClusterStore {

  private Position head = Position.NONE;
  private boolean registered;

  @Override
  public synchronized CompletionStage<Boolean> publish(ChangeSet changeSet) {
    head = changeSet.position();
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Boolean> beginRewrite(NodeId node, long epoch) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Boolean> addToRewrite(
      NodeId node, long epoch, int chunk, Collection<SessionRecord> records) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public synchronized CompletionStage<Boolean> endRewrite(
      NodeId node, Position position, int chunks) {
    head = position;
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public synchronized CompletionStage<Renewal> renew(
      NodeRecord self, long leaseMillis, long notBeforeMillis) {
    RenewalOutcome outcome = registered ? RenewalOutcome.RENEWED : RenewalOutcome.REGISTERED;
    registered = true;
    return CompletableFuture.completedFuture(
        new Renewal(outcome, System.currentTimeMillis(), Head.at(head), Map.of(self.node(), self)));
  }

  @Override
  public CompletionStage<Map<NodeId, Head>> heads(Collection<NodeId> nodes) {
    return CompletableFuture.completedFuture(Map.of());
  }

  @Override
  public CompletionStage<NodeImage> read(NodeId node) {
    return CompletableFuture.completedFuture(new NodeImage(Head.at(Position.NONE), List.of()));
  }

  @Override
  public CompletionStage<Optional<List<ChangeSet>>> changes(
      NodeId node, Position after, int limit) {
    return CompletableFuture.completedFuture(Optional.of(List.of()));
  }

  @Override
  public CompletionStage<List<ChangeSet>> stream(NodeId node, long afterSeq, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Boolean> forget(
      NodeId node, long deadlineMillis, @Nullable Head finished) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Void> trim(NodeId node, long fromSeq) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> expire(NodeId node) {
    return CompletableFuture.completedFuture(null);
  }
}
