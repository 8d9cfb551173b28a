package dev.presence.server.redis;

import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/** How the messages of a node's topic travel. Writers and listeners must agree. */
enum TopicKind {
  /** A single Redis, or the master that Sentinel names. */
  PLAIN("PUBLISH") {
    @Override
    RTopic topic(RedissonClient redis, String name) {
      return redis.getTopic(name, ByteArrayCodec.INSTANCE);
    }
  },

  /**
   * A Cluster: a plain message would go to every one of its servers, a sharded one stays where the
   * node's keys are. Once its slot has moved, Redisson's (4.7) subscription is dead for good:
   * {@code TopicWatchdog} finds that out, and the client is rebuilt.
   */
  SHARDED("SPUBLISH") {
    @Override
    RTopic topic(RedissonClient redis, String name) {
      return redis.getShardedTopic(name, ByteArrayCodec.INSTANCE);
    }
  };

  private final String command;

  TopicKind(String command) {
    this.command = command;
  }

  static TopicKind of(RedissonClient redis) {
    return redis.getConfig().isClusterConfig() ? SHARDED : PLAIN;
  }

  /** What a script publishes by. */
  byte[] command() {
    return LuaScript.argument(command);
  }

  /** The topic, for a listener. */
  abstract RTopic topic(RedissonClient redis, String name);
}
