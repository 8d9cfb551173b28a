package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads what lost nodes have left in the store. Belongs to the cluster's loop. */
final class LostParts {

  private final EventLoop loop;
  private final ClusterStore store;
  private final Membership membership;
  private final RollCall rollCall;

  LostParts(EventLoop loop, ClusterStore store, Membership membership, RollCall rollCall) {
    this.loop = loop;
    this.store = store;
    this.membership = membership;
    this.rollCall = rollCall;
  }

  /**
   * What a node published after {@code written}; all of its part if its stream begins later. Fails
   * for one that is not lost, by what all nodes say now: one that has come back finishes its
   * history itself.
   */
  CompletionStage<Remains> remains(NodeId node, Position written) {
    return rollCall
        .ask()
        .thenComposeAsync(
            called ->
                membership.counts(node)
                    ? CompletableFuture.failedFuture(
                        new IllegalStateException("node " + node + " is not lost"))
                    : published(node, written),
            loop);
  }

  private CompletionStage<Remains> published(NodeId node, Position written) {
    return store
        .heads(List.of(node))
        .thenComposeAsync(
            heads -> {
              Head head = heads.get(node);
              if (head == null) {
                return done(new Remains(null, List.of(), List.of()));
              }
              return head.building()
                  ? wholePart(node)
                  : changes(node, head, written, new ArrayList<>());
            },
            loop);
  }

  /** Nobody writes to a lost node's part, so that it can be read piece by piece. */
  private CompletionStage<Remains> changes(
      NodeId node, Head head, Position after, List<ChangeSet> before) {
    return store
        .changes(node, after, Limits.CATCH_UP_CHANGE_SETS)
        .thenComposeAsync(
            (Optional<List<ChangeSet>> next) -> {
              if (next.isEmpty()) {
                return wholePart(node);
              }
              List<ChangeSet> changes = next.get();
              before.addAll(changes);
              return changes.size() < Limits.CATCH_UP_CHANGE_SETS
                  ? suspended(node).thenApply(sessions -> new Remains(head, before, sessions))
                  : changes(node, head, changes.getLast().position(), before);
            },
            loop);
  }

  private CompletionStage<Remains> wholePart(NodeId node) {
    return store
        .read(node)
        .thenApply(image -> new Remains(image.head(), List.of(), image.records()));
  }

  private CompletionStage<List<SessionRecord>> suspended(NodeId node) {
    return store
        .read(node)
        .thenApply(
            image ->
                image.records().stream()
                    .filter(record -> record.phase() == Phase.SUSPENDED)
                    .toList());
  }

  private static CompletionStage<Remains> done(Remains remains) {
    return CompletableFuture.completedFuture(remains);
  }
}
