package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** {@code forget_part.lua}: deletes a node's part. Run again, it finds nothing and says so. */
final class ForgetPartScript {

  private final LuaScript script;

  ForgetPartScript(RedissonClient redis) {
    script = new LuaScript(redis, "forget_part.lua");
  }

  /** True: nothing is left. False: the head is not {@code finished}. */
  CompletionStage<Boolean> run(NodeId node, @Nullable Head finished) {
    return script
        .evalToLong(
            List.of(RedisKeys.head(node), RedisKeys.sessions(node), RedisKeys.changes(node)),
            List.of(argument(finished == null ? "" : HeadValue.encode(finished))))
        .thenApply(reply -> reply == 1);
  }
}
