package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code expire.lua}: ends a node's lease now. Run again, it finds the lease over and changes
 * nothing.
 */
final class ExpireScript {

  private final LuaScript script;

  ExpireScript(RedissonClient redis) {
    script = new LuaScript(redis, "expire.lua");
  }

  /** True: the lease ended now. False: there was none in force. */
  CompletionStage<Boolean> run(NodeId node) {
    return script
        .evalToLong(List.of(RedisKeys.NODES, RedisKeys.CLOCK), List.of(argument(node.value())))
        .thenApply(reply -> reply == 1);
  }
}
