package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisNode;
import dev.presence.lab.store.RedisTopology;
import dev.presence.lab.store.RedisUser;
import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.NodeId;
import dev.presence.server.redis.RedisClients;
import dev.presence.server.redis.RedisSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * The contract on a real Redis, by the user that the operator's page describes. What befalls it is
 * done by commands, to the keys as they are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealStoreContract extends ClusterStoreContract {

  private static final String NODES = "presence:{nodes}";
  private static final String CLOCK = "presence:{nodes}:clock";

  private final Orphans orphans = new Orphans();
  private final RedisTopology redis;
  private final RedisSettings settings;
  private final RedisClients writer;
  private final RedissonClient raw;

  /** Another server's, made when first asked for. */
  private @Nullable RedisClients listener;

  /** What {@link #save} kept, by key; no entry where there was none. */
  private final Map<String, byte[]> saved = new HashMap<>();

  RealStoreContract(RedisKind kind, Path directory) {
    redis = kind.start(directory, orphans, RedisUser.options());
    settings = RealRedis.settings(redis);
    writer = RedisClients.connect(settings);
    raw = RealRedis.client(redis, StringCodec.INSTANCE);
  }

  @BeforeEach
  void begin() {
    wipe();
    saved.clear();
  }

  @AfterEach
  void end() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  /** Nothing that a server did was refused. */
  @AfterAll
  void checkRights() {
    for (RedisNode node : redis.nodes()) {
      assertThat(RedisUser.refused(node)).as("refused by %s", node).isEmpty();
    }
    close();
  }

  private void close() {
    raw.shutdown(0, 1, TimeUnit.SECONDS);
    writer.close();
    redis.close();
    orphans.close();
  }

  RedisTopology redis() {
    return redis;
  }

  @Override
  public ClusterStore store() {
    return writer.store();
  }

  @Override
  public ChangeTopic topic() {
    if (listener == null) {
      listener = RedisClients.connect(settings);
    }
    return listener.topic();
  }

  @Override
  public <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void eventually(Runnable assertion) {
    Awaitility.await().pollInterval(Duration.ofMillis(5)).untilAsserted(assertion::run);
  }

  @Override
  public void wipe() {
    redis.flush();
  }

  @Override
  public void losePart(NodeId node) {
    raw.getKeys().delete(keys(node).toArray(String[]::new));
  }

  @Override
  public long keptMillis(NodeId node) {
    return keys(node).stream()
        .map(raw::getBucket)
        .filter(RBucket::isExists)
        .mapToLong(RBucket::remainTimeToLive)
        .min()
        .orElse(-1);
  }

  @Override
  public void loseRecord(NodeId node) {
    raw.getMap(NODES).fastRemove(node.value());
  }

  @Override
  public void save(NodeId node) {
    for (String key : keys(node)) {
      byte[] value = raw.getBucket(key).dump();
      if (value != null) {
        saved.put(key, value);
      }
    }
  }

  @Override
  public void restore(NodeId node) {
    losePart(node);
    for (String key : keys(node)) {
      byte[] value = saved.get(key);
      if (value != null) {
        raw.getBucket(key).restore(value);
      }
    }
  }

  @Override
  public void passTime(long millis) {
    String[] clock = clock();
    setClock(Long.parseLong(clock[0]) + millis, Long.parseLong(clock[1]));
  }

  /** The real clock stays: what the shared one has added to it goes down instead. */
  @Override
  public void clockFallsBack(long millis) {
    String[] clock = clock();
    setClock(Long.parseLong(clock[0]), Long.parseLong(clock[1]) - millis);
  }

  /** The time last given and the offset; see clock.lua. */
  private String[] clock() {
    RBucket<String> clock = raw.getBucket(CLOCK);
    return clock.get().split(" ", -1);
  }

  private void setClock(long last, long offset) {
    raw.getBucket(CLOCK).set(last + " " + offset);
  }

  private static List<String> keys(NodeId node) {
    String part = "presence:{" + node.value() + "}:";
    return List.of(part + "head", part + "sessions", part + "changes");
  }
}
