package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code add_to_rewrite.lua}: one chunk of a part that is being built. Run again, it finds itself
 * counted and says added.
 */
final class AddToRewriteScript {

  private final LuaScript script;

  AddToRewriteScript(RedissonClient redis) {
    script = new LuaScript(redis, "add_to_rewrite.lua");
  }

  /** True: added, now or earlier. False: this is not the chunk that comes next in this epoch. */
  CompletionStage<Boolean> run(
      NodeId node, long epoch, int chunk, Collection<SessionRecord> records) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(argument(epoch));
    arguments.add(argument(chunk));
    for (SessionRecord session : records) {
      arguments.add(Wire.mapField(session.key()));
      arguments.add(Wire.encodeMapValue(session));
    }
    return script
        .evalToLong(List.of(RedisKeys.head(node), RedisKeys.sessions(node)), arguments)
        .thenApply(reply -> reply == 1);
  }
}
