package dev.presence.lab.store;

import java.util.List;
import java.util.Map;

/** A Redis whose masters have replicas, one of which can take over. */
public interface ReplicatedRedis extends RedisTopology {

  /**
   * Lets replicas receive nothing more from their masters, so that what is written from now on is
   * lost if one of them takes over. Ended by {@link #releaseReplication}; who is promoted meanwhile
   * is released by that.
   */
  default void holdReplication() {
    // A replica that sends a password that nobody asked for is refused: it tries each second.
    List<RedisNode> masters = masters();
    for (RedisNode node : nodes()) {
      if (node.answers() && !masters.contains(node)) {
        node.ask("CONFIG", "SET", "masterauth", "held");
      }
    }
    masters.forEach(master -> master.ask("CLIENT", "KILL", "TYPE", "replica"));
  }

  /** Ends {@link #holdReplication}. */
  default void releaseReplication() {
    nodes().stream()
        .filter(RedisNode::answers)
        .forEach(node -> node.ask("CONFIG", "SET", "masterauth", ""));
  }

  /**
   * Lets a replica take over from a master at once, be that alive, which then becomes a replica, or
   * dead. Waits until clients are told of it.
   *
   * @return the new master
   */
  RedisNode promote(RedisNode master);

  /** Waits until every replica that is alive has all that its master has. */
  void awaitReplicated();

  /**
   * A Redisson configuration by which a client reaches processes through other ports: proxies. By
   * the port of a process, Sentinels too, the one to connect to in its place.
   */
  String redissonYaml(Map<Integer, Integer> detours);
}
