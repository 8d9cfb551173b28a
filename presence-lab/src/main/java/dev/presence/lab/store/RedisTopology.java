package dev.presence.lab.store;

import java.util.List;
import java.util.Map;

/**
 * A Redis on the loopback, of one process or of several, and what may befall it. Not thread-safe:
 * one thread does harm at a time.
 */
public interface RedisTopology extends AutoCloseable {

  /** The servers' settings by which they reach it. */
  Map<String, String> settings();

  /** All processes that hold data, be they alive or not; without Sentinels. */
  List<RedisNode> nodes();

  /** The masters that are in charge now, one for each shard. */
  List<RedisNode> masters();

  /** Who is in charge of a key, or of a channel. */
  RedisNode masterOf(String key);

  /** Starts a process again that was killed: empty, in the role that it has by now. */
  void restart(RedisNode node);

  /** Kills all that hold data at once, and starts them again, empty. */
  void restartEmpty();

  /** Empties every master. */
  default void flush() {
    masters().forEach(master -> master.ask("FLUSHALL"));
  }

  /** Cuts all connections that subscribe. Returns how many these were. */
  default long killSubscribers() {
    return nodes().stream()
        .filter(RedisNode::answers)
        .mapToLong(node -> node.number("CLIENT", "KILL", "TYPE", "pubsub"))
        .sum();
  }

  /** How many commands the masters have executed since they started. */
  default long commands() {
    return masters().stream()
        .mapToLong(master -> master.told("stats", "total_commands_processed"))
        .sum();
  }

  /** Which process has died, in one line; empty while all are well. */
  default String death() {
    return nodes().stream()
        .filter(node -> !node.isAlive())
        .map(node -> "Redis (" + node.id() + ") has died; log: " + node.log())
        .findFirst()
        .orElse("");
  }

  /** Stops all of it. */
  @Override
  void close();
}
