package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/**
 * {@code rewrite.lua}: all of a node's part, in a new epoch. Run again, it finds its own head and
 * says done.
 *
 * <p>All in one run, which holds up the shard for some microseconds a session. A later release
 * writes large nodes in chunks, each fenced by a head that says building (design, "New epoch").
 */
final class RewriteScript {

  private final LuaScript script;

  RewriteScript(RedissonClient redis) {
    script = new LuaScript(redis, "rewrite.lua");
  }

  /** True: done, now or earlier. False: the stored epoch is this one or a later one. */
  CompletionStage<Boolean> run(NodeId node, Position position, Collection<SessionRecord> sessions) {
    ChangeSet reset = new ChangeSet(node, position, position.seq() - 1, true, List.of(), List.of());
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(argument(position.epoch()));
    arguments.add(argument(position.seq()));
    arguments.add(Wire.encode(reset));
    for (SessionRecord session : sessions) {
      arguments.add(Wire.mapField(session.key()));
      arguments.add(Wire.encodeMapValue(session));
    }
    return script.evalToLong(RedisKeys.part(node), arguments).thenApply(reply -> reply == 1);
  }
}
