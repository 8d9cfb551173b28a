package dev.presence.server.redis;

import static dev.presence.server.redis.LuaScript.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code renew.lua}: a node's lease, and all nodes' records. Run again, it renews again; a node
 * that the first run registered then reads renewed, so that a caller learns of a lost history from
 * its head, too.
 */
final class RenewScript {

  private static final Logger log = LoggerFactory.getLogger(RenewScript.class);

  private final LuaScript script;

  /**
   * What the script says.
   *
   * @param outcome how it went
   * @param nowMillis the shared clock
   * @param nodes all records that can be read
   */
  record Reply(RenewalOutcome outcome, long nowMillis, Map<NodeId, NodeRecord> nodes) {}

  RenewScript(RedissonClient redis) {
    script = new LuaScript(redis, "renew.lua");
  }

  CompletionStage<Reply> run(NodeRecord self, long leaseMillis, long notBeforeMillis) {
    return script
        .evalToList(
            List.of(RedisKeys.NODES, RedisKeys.CLOCK),
            List.of(
                argument(self.node().value()),
                argument(leaseMillis),
                argument(self.head().epoch()),
                NodeValue.encodeRecord(self),
                argument(notBeforeMillis)))
        .thenApply(RenewScript::reply);
  }

  private static Reply reply(List<Object> reply) {
    Map<NodeId, NodeRecord> nodes = new TreeMap<>();
    List<?> entries = (List<?>) reply.get(2);
    for (int i = 0; i < entries.size(); i += 2) {
      String name = new String((byte[]) entries.get(i), US_ASCII);
      try {
        NodeId node = new NodeId(name);
        nodes.put(node, NodeValue.decode(node, (byte[]) entries.get(i + 1)));
      } catch (IllegalArgumentException | CorruptValueException e) {
        // One bad record must not end every server's lease. Its node is missing, so nobody judges
        // it.
        log.atError().addKeyValue("node", name).setCause(e).log("a node's record cannot be read");
      }
    }
    return new Reply(outcome((Long) reply.get(0)), (Long) reply.get(1), nodes);
  }

  private static RenewalOutcome outcome(long number) {
    return switch ((int) number) {
      case 1 -> RenewalOutcome.RENEWED;
      case 2 -> RenewalOutcome.REGISTERED;
      case 3 -> RenewalOutcome.LOST;
      default -> throw new IllegalStateException("renew.lua answered with the outcome " + number);
    };
  }
}
