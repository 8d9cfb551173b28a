package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code begin_rewrite.lua}: a new epoch begins, with an empty map. Run again, it finds its own
 * head, takes nothing back, and says begun.
 */
final class BeginRewriteScript {

  private final LuaScript script;

  BeginRewriteScript(RedissonClient redis) {
    script = new LuaScript(redis, "begin_rewrite.lua");
  }

  /** True: begun, now or earlier. False: the stored epoch is later, or this one and complete. */
  CompletionStage<Boolean> run(NodeId node, long epoch) {
    return script
        .evalToLong(
            List.of(RedisKeys.head(node), RedisKeys.sessions(node)), List.of(argument(epoch)))
        .thenApply(reply -> reply == 1);
  }
}
