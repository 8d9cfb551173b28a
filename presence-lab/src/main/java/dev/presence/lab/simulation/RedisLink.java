package dev.presence.lab.simulation;

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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One server's way to Redis: requests take time each way, may be cut off, and while the network is
 * unruly they are executed without an answer, twice, or late. A lost answer is a failed stage after
 * a second.
 */
final class RedisLink implements ClusterStore {

  private static final long TIMEOUT_MILLIS = 1_000;
  private static final long LATEST_MILLIS = 3_000;

  /** How likely it is that a read of a node's part is a slow one, and how slow. */
  private static final double SLOW_READ_CHANCE = 0.1;

  private static final long SLOW_READ_MILLIS = 500;

  /** A mark that comes at once never meets a node that has just come back. */
  private static final double SLOW_MARK_CHANCE = 0.5;

  private final VirtualTime time;
  private final FakeRedis redis;
  private final SimulatedProcess process;
  private final RandomGenerator random;
  private long tripMillis = 1;
  private boolean cutOff;
  private boolean partAway;
  private long reachableSinceMillis;
  private long cutOffSinceMillis = -1;
  private double lossChance;
  private double twiceChance;
  private double lateChance;

  RedisLink(VirtualTime time, FakeRedis redis, SimulatedProcess process, RandomGenerator random) {
    this.time = time;
    this.redis = redis;
    this.process = process;
    this.random = random;
  }

  void distance(long millis) {
    tripMillis = millis;
  }

  long distance() {
    return tripMillis;
  }

  void cutOff(boolean now) {
    if (cutOff && !now) {
      reachableSinceMillis = time.nowMillis();
    }
    if (!cutOff && now) {
      cutOffSinceMillis = time.nowMillis();
    }
    cutOff = now;
  }

  /** On a Cluster, the shard of this server's own keys alone may be away. */
  void partAway(boolean now) {
    partAway = now;
  }

  /** When Redis could not be reached any more, the last time that this was so; -1 if never. */
  long cutOffSinceMillis() {
    return cutOffSinceMillis;
  }

  boolean isCutOff() {
    return cutOff;
  }

  /** Since when Redis can be reached. */
  long reachableSinceMillis() {
    return reachableSinceMillis;
  }

  /** How likely it is that an answer gets lost, from now on. */
  void loseAnswers(double chance) {
    lossChance = chance;
  }

  void sendTwice(double chance) {
    twiceChance = chance;
  }

  void sendLate(double chance) {
    lateChance = chance;
  }

  private <T> CompletionStage<T> ask(Supplier<T> operation) {
    return ask(0, operation);
  }

  private <T> CompletionStage<T> ask(long slowMillis, Supplier<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    VirtualTime.Event timeout = timeOut(answer);
    if (unlucky(lateChance)) {
      var _ =
          time.schedule(
              TIMEOUT_MILLIS + random.nextLong(LATEST_MILLIS),
              () -> execute(operation, null, null));
      return answer;
    }
    boolean lost = unlucky(lossChance);
    var _ =
        time.schedule(
            tripMillis + slowMillis, () -> execute(operation, lost ? null : answer, timeout));
    if (!lost && unlucky(twiceChance)) {
      var _ =
          time.schedule(
              tripMillis + random.nextLong(TIMEOUT_MILLIS), () -> execute(operation, null, null));
    }
    return answer;
  }

  /** A write to this server's own keys. */
  private CompletionStage<Boolean> write(Supplier<Boolean> operation) {
    if (!partAway) {
      return ask(operation);
    }
    CompletableFuture<Boolean> none = new CompletableFuture<>();
    var _ = timeOut(none);
    return none;
  }

  private VirtualTime.Event timeOut(CompletableFuture<?> answer) {
    return time.schedule(
        TIMEOUT_MILLIS,
        () ->
            process.receive(
                () ->
                    answer.completeExceptionally(
                        new IllegalStateException("Redis did not answer"))));
  }

  private boolean unlucky(double chance) {
    return chance > 0 && random.nextDouble() < chance;
  }

  private <T> void execute(
      Supplier<T> operation,
      @Nullable CompletableFuture<T> answer,
      VirtualTime.@Nullable Event timeout) {
    if (cutOff) {
      return;
    }
    @Nullable Runnable reply;
    try {
      T value = operation.get();
      reply = answer == null ? null : () -> answer.complete(value);
    } catch (FakeRead.TornException torn) {
      reply = answer == null ? null : () -> answer.completeExceptionally(torn);
    }
    if (reply != null) {
      back(reply, timeout);
    }
  }

  /** Brings an answer back. */
  private void back(Runnable answer, VirtualTime.@Nullable Event timeout) {
    var _ =
        time.schedule(
            tripMillis,
            () -> {
              if (cutOff) {
                return;
              }
              process.receive(
                  () -> {
                    if (timeout != null) {
                      timeout.cancel();
                    }
                    answer.run();
                  });
            });
  }

  @Override
  public CompletionStage<Boolean> publish(ChangeSet changeSet) {
    return write(() -> redis.publish(changeSet));
  }

  @Override
  public CompletionStage<Boolean> beginRewrite(NodeId node, long epoch) {
    return write(() -> redis.beginRewrite(node, epoch));
  }

  @Override
  public CompletionStage<Boolean> addToRewrite(
      NodeId node, long epoch, int chunk, Collection<SessionRecord> records) {
    List<SessionRecord> sent = List.copyOf(records);
    return write(() -> redis.addToRewrite(node, epoch, chunk, sent));
  }

  @Override
  public CompletionStage<Boolean> endRewrite(NodeId node, Position position, int chunks) {
    return write(() -> redis.endRewrite(node, position, chunks));
  }

  @Override
  public CompletionStage<Renewal> renew(NodeRecord self, long leaseMillis, long notBeforeMillis) {
    return ask(() -> redis.renew(self, leaseMillis, notBeforeMillis));
  }

  @Override
  public CompletionStage<Map<NodeId, Head>> heads(Collection<NodeId> nodes) {
    List<NodeId> asked = List.copyOf(nodes);
    return ask(() -> redis.heads(asked));
  }

  @Override
  public CompletionStage<NodeImage> read(NodeId node) {
    // Two requests at least: what happens between them may tear it.
    return ask(() -> redis.beginRead(node))
        .thenCompose(this::scan)
        .thenCompose(read -> ask(() -> redis.endRead(node, read, random)));
  }

  private CompletionStage<FakeRead> scan(FakeRead read) {
    CompletableFuture<FakeRead> scanned = new CompletableFuture<>();
    long millis = unlucky(SLOW_READ_CHANCE) ? random.nextLong(SLOW_READ_MILLIS) : 0;
    var _ = time.schedule(millis, () -> process.receive(() -> scanned.complete(read)));
    return scanned;
  }

  @Override
  public CompletionStage<Optional<List<ChangeSet>>> changes(
      NodeId node, Position after, int limit) {
    return ask(() -> redis.changes(node, after, limit));
  }

  @Override
  public CompletionStage<List<ChangeSet>> stream(NodeId node, long afterSeq, int limit) {
    return ask(() -> redis.stream(node, afterSeq, limit));
  }

  @Override
  public CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis) {
    long late = unlucky(SLOW_MARK_CHANCE) ? random.nextLong(SLOW_READ_MILLIS) : 0;
    return ask(late, () -> redis.markLost(node, deadlineMillis));
  }

  @Override
  public CompletionStage<Boolean> forget(
      NodeId node, long deadlineMillis, @Nullable Head finished) {
    return ask(() -> redis.forget(node, deadlineMillis, finished));
  }

  @Override
  public CompletionStage<Void> trim(NodeId node, long fromSeq) {
    return ask(
        () -> {
          redis.trim(node, fromSeq);
          return nothing();
        });
  }

  @Override
  public CompletionStage<Void> expire(NodeId node) {
    return ask(
        () -> {
          redis.expire(node);
          return nothing();
        });
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
