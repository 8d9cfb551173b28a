package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;

/** {@code publish.lua}: one change set. Run again, it finds its own head and says done. */
final class PublishScript {

  private final LuaScript script;
  private final TopicKind topic;

  PublishScript(RedissonClient redis) {
    script = new LuaScript(redis, "publish.lua");
    topic = TopicKind.of(redis);
  }

  /** True: done, now or earlier. False: the store lost the node's history. */
  CompletionStage<Boolean> run(ChangeSet changeSet) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(argument(changeSet.position().epoch()));
    arguments.add(argument(changeSet.previousSeq()));
    arguments.add(argument(changeSet.position().seq()));
    arguments.add(Wire.encode(changeSet));
    arguments.add(topic.command());
    arguments.add(argument(changeSet.records().size()));
    for (SessionRecord session : changeSet.records()) {
      arguments.add(Wire.mapField(session.key()));
      arguments.add(Wire.encodeMapValue(session));
    }
    for (SessionKey removal : changeSet.removals()) {
      arguments.add(Wire.mapField(removal));
    }
    return script
        .evalToLong(RedisKeys.part(changeSet.node()), arguments)
        .thenApply(reply -> reply == 1);
  }
}
