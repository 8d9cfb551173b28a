package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code end_rewrite.lua}: a part that was built is complete. Run again, it finds its own head and
 * says done.
 */
final class EndRewriteScript {

  private final LuaScript script;
  private final TopicKind topic;

  EndRewriteScript(RedissonClient redis) {
    script = new LuaScript(redis, "end_rewrite.lua");
    topic = TopicKind.of(redis);
  }

  /** True: done, now or earlier. False: not exactly these chunks stand there in this epoch. */
  CompletionStage<Boolean> run(NodeId node, Position position, int chunks) {
    ChangeSet reset = new ChangeSet(node, position, position.seq() - 1, true, List.of(), List.of());
    return script
        .evalToLong(
            List.of(RedisKeys.head(node), RedisKeys.changes(node), RedisKeys.topic(node)),
            List.of(
                argument(position.epoch()),
                argument(position.seq()),
                argument(chunks),
                Wire.encode(reset),
                topic.command()))
        .thenApply(reply -> reply == 1);
  }
}
