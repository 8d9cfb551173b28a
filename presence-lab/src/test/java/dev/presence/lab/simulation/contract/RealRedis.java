package dev.presence.lab.simulation.contract;

import dev.presence.lab.store.RedisTopology;
import dev.presence.lab.store.RedisUser;
import dev.presence.server.redis.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;

/** Ways to a real Redis, whatever it is made up of. */
final class RealRedis {

  /** After a failover it must be right as soon as a server is. */
  private static final int SCAN_MILLIS = 1_000;

  private RealRedis() {}

  /** As a server is told. */
  static RedisSettings settings(RedisTopology redis) {
    Map<String, String> settings = redis.settings();
    String url = settings.get("redis.url");
    String file = settings.get("redis.config");
    return new RedisSettings(
        url, file == null ? null : Path.of(file), RedisUser.NAME, RedisUser.PASSWORD);
  }

  /** A test's own, to look and to do harm; it reads what masters have. The caller ends it. */
  static RedissonClient client(RedisTopology redis, Codec codec) {
    return Redisson.create(config(settings(redis)).setCodec(codec));
  }

  private static Config config(RedisSettings settings) {
    if (settings.file() == null) {
      Config config = new Config();
      config.useSingleServer().setAddress(settings.url()).setConnectionMinimumIdleSize(1);
      return config;
    }
    try {
      Config config = Config.fromYAML(settings.file().toFile());
      if (config.isClusterConfig()) {
        config.useClusterServers().setReadMode(ReadMode.MASTER).setScanInterval(SCAN_MILLIS);
      } else {
        config.useSentinelServers().setReadMode(ReadMode.MASTER).setScanInterval(SCAN_MILLIS);
      }
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
