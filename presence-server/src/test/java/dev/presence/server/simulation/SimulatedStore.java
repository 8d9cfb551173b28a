package dev.presence.server.simulation;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The store and the topic in memory, with the faults that a test asks for. Its answers take a
 * millisecond each way.
 */
final class SimulatedStore {

  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final long TRIP_MILLIS = 1;
  private static final long TIMEOUT_MILLIS = 1_000;

  private final ManualLoop loop;
  private final Map<NodeId, Part> parts = new TreeMap<>();
  private final Map<NodeId, NodeRecord> records = new TreeMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final Set<NodeId> mute = new HashSet<>();
  private boolean away;
  int operations;

  private static final class Part {
    Position head = Position.NONE;
    final Map<SessionKey, SessionRecord> map = new LinkedHashMap<>();
  }

  private record Listener(NodeId node, Consumer<ChangeSet> onChange) {}

  SimulatedStore(ManualLoop loop) {
    this.loop = loop;
  }

  /** No answers, and nothing is done, until {@link #back}. */
  void away() {
    away = true;
  }

  void back() {
    away = false;
  }

  /** Everything is lost, as by FLUSHALL. */
  void wipe() {
    parts.clear();
    records.clear();
  }

  /** Messages about this node's changes are lost from now on. */
  void mute(NodeId node) {
    mute.add(node);
  }

  void unmute(NodeId node) {
    mute.remove(node);
  }

  long nowMillis() {
    return EPOCH_MILLIS + loop.nowMillis();
  }

  private <T> CompletionStage<T> answer(Supplier<T> operation) {
    operations++;
    CompletableFuture<T> answer = new CompletableFuture<>();
    var _ =
        loop.schedule(
            TRIP_MILLIS,
            () -> {
              if (away) {
                var _ =
                    loop.schedule(
                        TIMEOUT_MILLIS,
                        () -> answer.completeExceptionally(new IllegalStateException("timeout")));
              } else {
                T value = operation.get();
                var _ = loop.schedule(TRIP_MILLIS, () -> answer.complete(value));
              }
            });
    return answer;
  }

  private void send(ChangeSet changeSet) {
    if (!mute.contains(changeSet.node())) {
      for (Listener listener : List.copyOf(listeners)) {
        if (listener.node.equals(changeSet.node())) {
          var _ = loop.schedule(TRIP_MILLIS, () -> listener.onChange.accept(changeSet));
        }
      }
    }
  }

  ChangeTopic topic() {
    return (node, onChange, onSubscribed) -> {
      Listener listener = new Listener(node, onChange);
      var _ =
          loop.schedule(
              TRIP_MILLIS,
              () -> {
                listeners.add(listener);
                onSubscribed.run();
              });
      return () -> listeners.remove(listener);
    };
  }

  ClusterStore store() {
    return new Store();
  }

  private final class Store implements ClusterStore {

    @Override
    public CompletionStage<Boolean> publish(ChangeSet changeSet) {
      return answer(() -> published(changeSet));
    }

    private boolean published(ChangeSet changeSet) {
      Part part = parts.get(changeSet.node());
      if (part == null) {
        return false;
      }
      if (part.head.equals(changeSet.position())) {
        return true;
      }
      if (!part.head.equals(new Position(changeSet.position().epoch(), changeSet.previousSeq()))) {
        return false;
      }
      changeSet.records().forEach(r -> part.map.put(r.key(), r));
      changeSet.removals().forEach(part.map::remove);
      part.head = changeSet.position();
      send(changeSet);
      return true;
    }

    @Override
    public CompletionStage<Boolean> rewrite(
        NodeId node, Position position, Collection<SessionRecord> sessions) {
      return answer(
          () -> {
            Part part = parts.computeIfAbsent(node, n -> new Part());
            if (part.head.equals(position)) {
              return true;
            }
            if (part.head.epoch() >= position.epoch()) {
              return false;
            }
            part.map.clear();
            sessions.forEach(r -> part.map.put(r.key(), r));
            part.head = position;
            send(new ChangeSet(node, position, position.seq() - 1, true, List.of(), List.of()));
            return true;
          });
    }

    @Override
    public CompletionStage<Renewal> renew(NodeRecord self, long leaseMillis) {
      return answer(
          () -> {
            NodeRecord before = records.get(self.node());
            RenewalOutcome outcome =
                before == null ? RenewalOutcome.REGISTERED : RenewalOutcome.RENEWED;
            if (before != null && before.lost() && self.head().epoch() <= before.head().epoch()) {
              outcome = RenewalOutcome.LOST;
            } else {
              records.put(self.node(), withDeadline(self, nowMillis() + leaseMillis, false));
            }
            Part part = parts.get(self.node());
            return new Renewal(
                outcome, nowMillis(), part == null ? null : part.head, new TreeMap<>(records));
          });
    }

    private NodeRecord withDeadline(NodeRecord record, long deadline, boolean lost) {
      return new NodeRecord(
          record.node(),
          deadline,
          lost,
          record.head(),
          record.address(),
          record.sessionCount(),
          record.behind(),
          record.draining());
    }

    @Override
    public CompletionStage<Map<NodeId, Position>> heads(Collection<NodeId> nodes) {
      return answer(
          () -> {
            Map<NodeId, Position> heads = new TreeMap<>();
            for (NodeId node : nodes) {
              Part part = parts.get(node);
              if (part != null) {
                heads.put(node, part.head);
              }
            }
            return heads;
          });
    }

    @Override
    public CompletionStage<NodeImage> read(NodeId node) {
      return answer(
          () -> {
            Part part = parts.get(node);
            return part == null
                ? new NodeImage(Position.NONE, List.of())
                : new NodeImage(part.head, List.copyOf(part.map.values()));
          });
    }

    @Override
    public CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis) {
      return answer(
          () -> {
            NodeRecord record = records.get(node);
            if (record == null) {
              return false;
            }
            if (record.lost()) {
              return true;
            }
            boolean over =
                record.leaseDeadlineMillis() == deadlineMillis && nowMillis() >= deadlineMillis;
            if (over) {
              records.put(node, withDeadline(record, deadlineMillis, true));
            }
            return over;
          });
    }

    @Override
    public CompletionStage<Void> forget(NodeId node) {
      return answer(
          () -> {
            NodeRecord record = records.get(node);
            if (record != null && record.lost()) {
              records.remove(node);
              parts.remove(node);
            }
            return nothing();
          });
    }

    @Override
    public CompletionStage<Void> trim(NodeId node, long fromSeq) {
      return answer(SimulatedStore::nothing);
    }

    @Override
    public CompletionStage<Void> expire(NodeId node) {
      return answer(SimulatedStore::nothing);
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
