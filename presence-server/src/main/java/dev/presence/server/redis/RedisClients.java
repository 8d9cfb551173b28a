package dev.presence.server.redis;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.NodeType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.Config;
import org.redisson.connection.ConnectionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to Redis, and the cluster's ports on them. Two clients: one writes and reads, the
 * other listens.
 *
 * <p>Once connected, they stay so: while Redis is away every stage fails within 2.5 s, and once it
 * is back it is used again within a second. Thread-safe.
 */
public final class RedisClients implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisClients.class);

  private static final Duration SUBSCRIBE_AGAIN = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final RedissonClient storeClient;
  private final RedisClusterStore store;
  private final RedisChangeTopic topic;

  private RedisClients(RedissonClient storeClient, RedisChangeTopic topic) {
    this.storeClient = storeClient;
    this.topic = topic;
    store = new RedisClusterStore(storeClient);
  }

  /**
   * Connects. Blocks until Redis has answered.
   *
   * @throws IllegalStateException if Redis cannot be reached, is older than 7.0 or evicts keys; the
   *     message is for the operator
   * @throws IllegalArgumentException if the file cannot serve
   */
  public static RedisClients connect(RedisSettings settings) {
    RedissonClient storeClient = create(RedissonConfigs.forStore(settings), settings, "store");
    try {
      ServerCheck.check(storeClient, settings.name());
      RedisChangeTopic topic =
          new RedisChangeTopic(
              () -> create(RedissonConfigs.forTopics(settings), settings, "topics"),
              SUBSCRIBE_AGAIN);
      log.atInfo().addKeyValue("redis", settings.name()).log("connected to Redis");
      return new RedisClients(storeClient, topic);
    } catch (RuntimeException e) {
      shutdown(storeClient);
      throw e;
    }
  }

  private static RedissonClient create(Config config, RedisSettings settings, String use) {
    config.setConnectionListener(new Connections(use));
    try {
      return Redisson.create(config);
    } catch (RedisException e) {
      throw new IllegalStateException(
          "Redis at " + settings.name() + " cannot be reached: " + e.getMessage(), e);
    }
  }

  /** Where nodes keep their part. */
  public ClusterStore store() {
    return store;
  }

  /** What wakes the readers. */
  public ChangeTopic topic() {
    return topic;
  }

  /**
   * Ends all connections and subscriptions. What is under way fails. Blocks for some seconds at
   * most.
   */
  @Override
  public void close() {
    store.close();
    topic.close();
    shutdown(storeClient);
  }

  static void shutdown(RedissonClient client) {
    client.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Tells the operator when a server comes and goes. What the core knows of Redis it knows from its
   * answers.
   */
  @SuppressWarnings(
      "deprecation") // The methods without a type must still be there; they are not called.
  private record Connections(String use) implements ConnectionListener {
    @Override
    public void onConnect(InetSocketAddress address) {}

    @Override
    public void onDisconnect(InetSocketAddress address) {}

    @Override
    public void onConnect(InetSocketAddress address, NodeType type) {
      log.atInfo().addKeyValue("address", address).addKeyValue("use", use).log("Redis is there");
    }

    @Override
    public void onDisconnect(InetSocketAddress address, NodeType type) {
      log.atWarn().addKeyValue("address", address).addKeyValue("use", use).log("Redis is gone");
    }
  }
}
