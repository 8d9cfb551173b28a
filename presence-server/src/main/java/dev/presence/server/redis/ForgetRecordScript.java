package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/** {@code forget_record.lua}: deletes the record of a lost node. Run again, it finds nothing. */
final class ForgetRecordScript {

  private final LuaScript script;

  ForgetRecordScript(RedissonClient redis) {
    script = new LuaScript(redis, "forget_record.lua");
  }

  /** True: there is no record. False: it is not lost, or its lease was another. */
  CompletionStage<Boolean> run(NodeId node, long deadlineMillis) {
    return script
        .evalToLong(
            List.of(RedisKeys.NODES), List.of(argument(node.value()), argument(deadlineMillis)))
        .thenApply(reply -> reply == 1);
  }
}
