package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code mark_lost.lua}: the verdict on a node whose lease is over. Run again, it finds the mark
 * and says done.
 */
final class MarkLostScript {

  private final LuaScript script;

  MarkLostScript(RedissonClient redis) {
    script = new LuaScript(redis, "mark_lost.lua");
  }

  /** True: the node is marked, now or earlier. */
  CompletionStage<Boolean> run(NodeId node, long deadlineMillis) {
    return script
        .evalToLong(
            List.of(RedisKeys.NODES, RedisKeys.CLOCK),
            List.of(argument(node.value()), argument(deadlineMillis)))
        .thenApply(reply -> reply == 1);
  }
}
