package dev.presence.server.redis;

import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Deletes a lost node: its part, then its record, so that whoever is interrupted finds it again.
 *
 * <p>On a Cluster these lie in two slots, and no script sees both. So the record is read first: a
 * node that is marked lost comes back only by a later epoch, and that moves the head, which fences
 * the part. Without a record, the head alone is the fence. Each step can be repeated.
 */
final class Forgetting {

  private final RedissonClient redis;
  private final ForgetPartScript part;
  private final ForgetRecordScript record;

  Forgetting(RedissonClient redis) {
    this.redis = redis;
    part = new ForgetPartScript(redis);
    record = new ForgetRecordScript(redis);
  }

  /** True: nothing is left. False: its affairs are not what they were. */
  CompletionStage<Boolean> run(NodeId node, long deadlineMillis, @Nullable Head finished) {
    RMap<byte[], byte[]> records = redis.getMap(RedisKeys.NODES, ByteArrayCodec.INSTANCE);
    return records
        .getAsync(LuaScript.argument(node.value()))
        .thenCompose(
            value -> {
              NodeRecord stored = value == null ? null : NodeValue.decode(node, value);
              if (stored != null
                  && (!stored.lost() || stored.leaseDeadlineMillis() != deadlineMillis)) {
                return CompletableFuture.completedFuture(false);
              }
              return part.run(node, finished)
                  .thenCompose(
                      gone ->
                          gone
                              ? record.run(node, deadlineMillis)
                              : CompletableFuture.completedFuture(false));
            });
  }
}
