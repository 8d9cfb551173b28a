package dev.presence.server.redis;

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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.api.stream.StreamTrimArgs;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's store: {@link RedisKeys} says where, the scripts say how. Stages complete on
 * Redisson's threads. Thread-safe.
 */
final class RedisClusterStore implements ClusterStore, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisClusterStore.class);

  /**
   * How many nodes are read at a time: a server that starts reads all of them, and others'
   * publishing goes first.
   */
  private static final int READERS = 4;

  private final RedissonClient redis;
  private final PublishScript publish;
  private final BeginRewriteScript beginRewrite;
  private final AddToRewriteScript addToRewrite;
  private final EndRewriteScript endRewrite;
  private final RenewScript renew;
  private final MarkLostScript markLost;
  private final ExpireScript expire;
  private final Forgetting forgetting;
  private final NodeReader reader;
  private final ChangesScript changes;
  private final ExecutorService readers;

  RedisClusterStore(RedissonClient redis) {
    this.redis = redis;
    publish = new PublishScript(redis);
    beginRewrite = new BeginRewriteScript(redis);
    addToRewrite = new AddToRewriteScript(redis);
    endRewrite = new EndRewriteScript(redis);
    renew = new RenewScript(redis);
    markLost = new MarkLostScript(redis);
    expire = new ExpireScript(redis);
    forgetting = new Forgetting(redis);
    reader = new NodeReader(redis);
    changes = new ChangesScript(redis);
    readers =
        Executors.newFixedThreadPool(READERS, Thread.ofVirtual().name("node-reader-", 0).factory());
  }

  @Override
  public CompletionStage<Boolean> publish(ChangeSet changeSet) {
    return publish.run(changeSet);
  }

  @Override
  public CompletionStage<Boolean> beginRewrite(NodeId node, long epoch) {
    return beginRewrite.run(node, epoch);
  }

  @Override
  public CompletionStage<Boolean> addToRewrite(
      NodeId node, long epoch, int chunk, Collection<SessionRecord> records) {
    return addToRewrite.run(node, epoch, chunk, records);
  }

  @Override
  public CompletionStage<Boolean> endRewrite(NodeId node, Position position, int chunks) {
    return endRewrite.run(node, position, chunks);
  }

  @Override
  public CompletionStage<Renewal> renew(NodeRecord self, long leaseMillis, long notBeforeMillis) {
    // Both leave at once and share the round trip. On a Cluster they go to two shards, so that one
    // script cannot do both.
    CompletionStage<RenewScript.Reply> renewed = renew.run(self, leaseMillis, notBeforeMillis);
    CompletionStage<Optional<Head>> head = head(self.node());
    return renewed.thenCombine(
        head,
        (reply, ownHead) ->
            new Renewal(reply.outcome(), reply.nowMillis(), ownHead.orElse(null), reply.nodes()));
  }

  private CompletionStage<Optional<Head>> head(NodeId node) {
    RBucket<byte[]> bucket = redis.getBucket(RedisKeys.head(node), ByteArrayCodec.INSTANCE);
    return bucket.getAsync().thenApply(value -> Optional.ofNullable(HeadValue.decode(value)));
  }

  @Override
  public CompletionStage<Map<NodeId, Head>> heads(Collection<NodeId> nodes) {
    List<NodeId> asked = List.copyOf(nodes);
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    RBatch batch = redis.createBatch();
    for (NodeId node : asked) {
      var _ = batch.getBucket(RedisKeys.head(node), ByteArrayCodec.INSTANCE).getAsync();
    }
    return batch
        .executeAsync()
        .thenApply(
            result -> {
              Map<NodeId, Head> heads = new TreeMap<>();
              List<?> values = result.getResponses();
              for (int i = 0; i < asked.size(); i++) {
                Head head = HeadValue.decode((byte[]) values.get(i));
                if (head != null) {
                  heads.put(asked.get(i), head);
                }
              }
              return heads;
            });
  }

  @Override
  public CompletionStage<NodeImage> read(NodeId node) {
    return CompletableFuture.supplyAsync(() -> reader.read(node), readers);
  }

  @Override
  public CompletionStage<Optional<List<ChangeSet>>> changes(
      NodeId node, Position after, int limit) {
    return changes.run(node, after, limit);
  }

  @Override
  public CompletionStage<List<ChangeSet>> stream(NodeId node, long afterSeq, int limit) {
    RStream<byte[], byte[]> stream =
        redis.getStream(RedisKeys.changes(node), ByteArrayCodec.INSTANCE);
    return stream
        .rangeAsync(
            StreamRangeArgs.startIdExclusive(new StreamMessageId(afterSeq, 0))
                .endId(StreamMessageId.MAX)
                .count(limit))
        .thenApply(
            entries ->
                entries.values().stream()
                    .flatMap(entry -> entry.values().stream())
                    .map(Wire::decodeChangeSet)
                    .toList());
  }

  @Override
  public CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis) {
    return markLost.run(node, deadlineMillis);
  }

  @Override
  public CompletionStage<Boolean> forget(
      NodeId node, long deadlineMillis, @Nullable Head finished) {
    return forgetting
        .run(node, deadlineMillis, finished)
        .thenApply(
            forgotten -> {
              log.atInfo()
                  .addKeyValue("node", node)
                  .addKeyValue("finished", finished)
                  .addKeyValue("forgotten", forgotten)
                  .log("a lost node's keys are deleted, if it has not come back");
              return forgotten;
            });
  }

  @Override
  public CompletionStage<Void> trim(NodeId node, long fromSeq) {
    RStream<byte[], byte[]> stream =
        redis.getStream(RedisKeys.changes(node), ByteArrayCodec.INSTANCE);
    return stream
        .trimAsync(StreamTrimArgs.minId(new StreamMessageId(fromSeq, 0)).noLimit())
        .thenAccept(
            trimmed ->
                log.atDebug()
                    .addKeyValue("node", node)
                    .addKeyValue("fromSeq", fromSeq)
                    .addKeyValue("trimmed", trimmed)
                    .log("trim"));
  }

  @Override
  public CompletionStage<Void> expire(NodeId node) {
    return expire
        .run(node)
        .thenAccept(
            ended ->
                log.atInfo()
                    .addKeyValue("node", node)
                    .addKeyValue("ended", ended)
                    .log("the lease ends by its node's own will"));
  }

  /** Ends reads under way: they fail. The client is its owner's to shut down. */
  @Override
  public void close() {
    readers.shutdownNow();
  }
}
