package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/** {@code forget.lua}: deletes the record of a lost node. Run again, it finds nothing. */
final class ForgetScript {

  private final LuaScript script;

  ForgetScript(RedissonClient redis) {
    script = new LuaScript(redis, "forget.lua");
  }

  /** True: the record was deleted. False: there was none, or it is not lost. */
  CompletionStage<Boolean> run(NodeId node) {
    return script
        .evalToLong(List.of(RedisKeys.NODES), List.of(argument(node.value())))
        .thenApply(reply -> reply == 1);
  }
}
