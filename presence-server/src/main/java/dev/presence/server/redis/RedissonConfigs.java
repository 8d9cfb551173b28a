package dev.presence.server.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.NameMapper;
import org.redisson.config.ReadMode;
import org.redisson.config.ShardedSubscriptionMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

/** Redisson's configuration, from our settings. */
final class RedissonConfigs {

  private static final int DEFAULT_PORT = 6379;

  /**
   * One attempt and one more, with the delay between them, end within 2.5 s: the core counts on
   * hearing of a failure.
   */
  private static final int TIMEOUT_MILLIS = 1_000;

  private static final int RETRY_ATTEMPTS = 1;
  private static final Duration RETRY_DELAY = Duration.ofMillis(300);

  /** A Redis that was away is used again within a second. */
  private static final Duration RECONNECTION_DELAY = Duration.ofMillis(200);

  /**
   * Finds connections whose other end vanished without a word; on idle subscriptions nothing else
   * would.
   */
  private static final int PING_INTERVAL_MILLIS = 3_000;

  /** How soon a Sentinel's or Cluster's new master is found. */
  private static final int SCAN_INTERVAL_MILLIS = 1_000;

  private static final int SUBSCRIPTIONS_PER_CONNECTION = 100;

  /**
   * What the two clients differ in. Each needs few connections: a node has one change set and one
   * renewal in flight.
   */
  private enum Use {
    STORE(16, 2, 1),
    TOPICS(2, 1, 8);

    final int pool;
    final int minimumIdle;
    final int subscriptionPool;

    Use(int pool, int minimumIdle, int subscriptionPool) {
      this.pool = pool;
      this.minimumIdle = minimumIdle;
      this.subscriptionPool = subscriptionPool;
    }
  }

  private RedissonConfigs() {}

  static Config forStore(RedisSettings settings) {
    return config(settings, Use.STORE);
  }

  static Config forTopics(RedisSettings settings) {
    return config(settings, Use.TOPICS);
  }

  private static Config config(RedisSettings settings, Use use) {
    Path file = settings.file();
    Config config = file != null ? fromFile(file) : single(Objects.requireNonNull(settings.url()));
    config.setCodec(ByteArrayCodec.INSTANCE);
    // Scripts build no names, but are given them: a mapper would miss channels.
    config.setNameMapper(NameMapper.direct());
    config.setThreads(4);
    config.setNettyThreads(4);
    if (settings.username() != null) {
      config.setUsername(settings.username());
    }
    if (settings.password() != null) {
      config.setPassword(settings.password());
    }
    if (config.isSingleConfig()) {
      tune(config.useSingleServer(), use);
    } else if (config.isSentinelConfig()) {
      tune(config.useSentinelServers().setScanInterval(SCAN_INTERVAL_MILLIS), use);
    } else if (config.isClusterConfig()) {
      // Redis 7 has sharded topics: nothing to find out by trial, for which a user may lack the
      // right.
      tune(
          config
              .useClusterServers()
              .setShardedSubscriptionMode(ShardedSubscriptionMode.ON)
              .setScanInterval(SCAN_INTERVAL_MILLIS),
          use);
    } else {
      throw new IllegalArgumentException(
          "the Redisson file "
              + settings.name()
              + " must have singleServerConfig, sentinelServersConfig or clusterServersConfig");
    }
    return config;
  }

  private static Config single(String url) {
    URI uri = RedisSettings.parse(url);
    int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
    String database = uri.getPath().replace("/", "");
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress(uri.getScheme() + "://" + uri.getHost() + ":" + port)
        .setDatabase(database.isEmpty() ? 0 : Integer.parseInt(database));
    return config;
  }

  private static Config fromFile(Path file) {
    try {
      return Config.fromYAML(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the Redisson file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void tune(SingleServerConfig config, Use use) {
    common(config);
    config
        .setConnectionPoolSize(use.pool)
        .setConnectionMinimumIdleSize(use.minimumIdle)
        .setSubscriptionConnectionPoolSize(use.subscriptionPool)
        .setSubscriptionConnectionMinimumIdleSize(use == Use.TOPICS ? 1 : 0);
  }

  private static void tune(BaseMasterSlaveServersConfig<?> config, Use use) {
    common(config);
    // Masters only: a replica may not yet have what was just written, and pub/sub runs ahead of it.
    config
        .setReadMode(ReadMode.MASTER)
        .setSubscriptionMode(SubscriptionMode.MASTER)
        .setMasterConnectionPoolSize(use.pool)
        .setMasterConnectionMinimumIdleSize(use.minimumIdle)
        .setSlaveConnectionPoolSize(use.pool)
        .setSlaveConnectionMinimumIdleSize(use.minimumIdle)
        .setSubscriptionConnectionPoolSize(use.subscriptionPool)
        .setSubscriptionConnectionMinimumIdleSize(use == Use.TOPICS ? 1 : 0);
  }

  private static void common(BaseConfig<?> config) {
    config
        .setTimeout(TIMEOUT_MILLIS)
        .setConnectTimeout(TIMEOUT_MILLIS)
        .setSubscriptionTimeout(2 * TIMEOUT_MILLIS)
        .setRetryAttempts(RETRY_ATTEMPTS)
        .setRetryDelay(new ConstantDelay(RETRY_DELAY))
        .setReconnectionDelay(new ConstantDelay(RECONNECTION_DELAY))
        .setPingConnectionInterval(PING_INTERVAL_MILLIS)
        .setSubscriptionsPerConnection(SUBSCRIPTIONS_PER_CONNECTION);
  }
}
