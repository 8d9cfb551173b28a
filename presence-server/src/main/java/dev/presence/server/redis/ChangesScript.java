package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * {@code changes.lua}: a node's change sets after a place. It only reads, the head and the stream
 * at one moment: the stream alone would not tell "nothing newer" from "all of it lost".
 */
final class ChangesScript {

  private final LuaScript script;

  ChangesScript(RedissonClient redis) {
    script = new LuaScript(redis, "changes.lua");
  }

  /** Empty: the stream does not go on from {@code after}. */
  CompletionStage<Optional<List<ChangeSet>>> run(NodeId node, Position after, int limit) {
    return script
        .evalToList(
            List.of(RedisKeys.head(node), RedisKeys.changes(node)),
            List.of(argument(after.seq()), argument(limit)))
        .thenApply(
            reply ->
                follow(after, HeadValue.decode((byte[]) reply.get(0)), (List<?>) reply.get(1)));
  }

  private static Optional<List<ChangeSet>> follow(
      Position after, @Nullable Head head, List<?> messages) {
    if (head == null
        || head.building()
        || head.position().epoch() != after.epoch()
        || !head.reached(after)) {
      return Optional.empty();
    }
    List<ChangeSet> changes = new ArrayList<>(messages.size());
    Position last = after;
    for (Object message : messages) {
      ChangeSet next = Wire.decodeChangeSet((byte[]) message);
      if (next.reset()
          || next.position().epoch() != last.epoch()
          || next.previousSeq() != last.seq()) {
        return Optional.empty();
      }
      changes.add(next);
      last = next.position();
    }
    boolean nothingWhereSomethingMustBe = changes.isEmpty() && !last.equals(head.position());
    return nothingWhereSomethingMustBe ? Optional.empty() : Optional.of(changes);
  }
}
