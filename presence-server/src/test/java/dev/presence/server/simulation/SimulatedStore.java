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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  private final Set<NodeId> deaf = new HashSet<>();
  private final Set<NodeId> cutOff = new HashSet<>();
  private final Map<NodeId, Long> tripMillis = new TreeMap<>();
  private boolean away;
  private long clockAheadMillis;
  private @Nullable Random unruly;
  int operations;

  private static final class Part {
    Position head = Position.NONE;
    final Map<SessionKey, SessionRecord> map = new LinkedHashMap<>();
  }

  private record Listener(
      NodeId owner, NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {}

  SimulatedStore(ManualLoop loop) {
    this.loop = loop;
  }

  /** No answers, and nothing is done, until {@link #back}. */
  void away() {
    away = true;
  }

  void back() {
    away = false;
    listeners.forEach(this::subscribed);
  }

  /** This server alone does not reach the store: nothing it asks for is done, or answered. */
  void cutOff(NodeId server) {
    cutOff.add(server);
  }

  void rejoin(NodeId server) {
    cutOff.remove(server);
    listeners.stream().filter(l -> l.owner.equals(server)).forEach(this::subscribed);
  }

  private void subscribed(Listener listener) {
    var _ = loop.schedule(TRIP_MILLIS, listener.onSubscribed);
  }

  /** What this server asks for takes so long each way from now on. */
  void distance(NodeId server, long millis) {
    tripMillis.put(server, millis);
  }

  /** Messages overtake each other, and some come twice, from now on. */
  void unruly(Random random) {
    unruly = random;
  }

  /** A server whose clock is ahead takes over. */
  void jumpAhead(Duration time) {
    clockAheadMillis += time.toMillis();
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

  /** Messages to this server are lost, until {@link #hear}. */
  void deafen(NodeId server) {
    deaf.add(server);
  }

  void hear(NodeId server) {
    deaf.remove(server);
  }

  long nowMillis() {
    return EPOCH_MILLIS + clockAheadMillis + loop.nowMillis();
  }

  private <T> CompletionStage<T> answer(NodeId server, Supplier<T> operation) {
    operations++;
    CompletableFuture<T> answer = new CompletableFuture<>();
    long trip = tripMillis.getOrDefault(server, TRIP_MILLIS);
    var _ =
        loop.schedule(
            trip,
            () -> {
              if (unreachable(server)) {
                timeOut(answer);
                return;
              }
              T value = operation.get();
              var _ =
                  loop.schedule(
                      trip,
                      () -> {
                        if (unreachable(server)) {
                          timeOut(answer);
                        } else {
                          answer.complete(value);
                        }
                      });
            });
    return answer;
  }

  private boolean unreachable(NodeId server) {
    return away || cutOff.contains(server);
  }

  private void timeOut(CompletableFuture<?> answer) {
    var _ =
        loop.schedule(
            TIMEOUT_MILLIS,
            () -> answer.completeExceptionally(new IllegalStateException("timeout")));
  }

  private void send(ChangeSet changeSet) {
    if (!mute.contains(changeSet.node())) {
      for (Listener listener : List.copyOf(listeners)) {
        if (listener.node.equals(changeSet.node())) {
          deliver(listener, changeSet);
        }
      }
    }
  }

  private void deliver(Listener listener, ChangeSet changeSet) {
    Runnable delivery =
        () -> {
          if (!unreachable(listener.owner) && !deaf.contains(listener.owner)) {
            listener.onChange.accept(changeSet);
          }
        };
    Random chance = unruly;
    if (chance == null) {
      var _ = loop.schedule(TRIP_MILLIS, delivery);
    } else {
      for (int times = chance.nextInt(4) == 0 ? 2 : 1; times > 0; times--) {
        var _ = loop.schedule(TRIP_MILLIS + chance.nextInt(20), delivery);
      }
    }
  }

  ChangeTopic topic(NodeId server) {
    return (node, onChange, onSubscribed) -> {
      Listener listener = new Listener(server, node, onChange, onSubscribed);
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

  /** The store as this server reaches it. */
  ClusterStore store(NodeId server) {
    return new Store(server);
  }

  private final class Store implements ClusterStore {
    private final NodeId server;

    Store(NodeId server) {
      this.server = server;
    }

    private <T> CompletionStage<T> answer(Supplier<T> operation) {
      return SimulatedStore.this.answer(server, operation);
    }

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
      return answer(
          () -> {
            NodeRecord record = records.get(node);
            if (record != null && !record.lost() && record.leaseDeadlineMillis() > nowMillis()) {
              records.put(node, withDeadline(record, nowMillis(), false));
            }
            return nothing();
          });
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
