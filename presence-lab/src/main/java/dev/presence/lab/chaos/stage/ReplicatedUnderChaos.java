package dev.presence.lab.chaos.stage;

import dev.presence.lab.store.LocalCluster;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisNode;
import dev.presence.lab.store.ReplicatedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Redis behind Sentinels, or a Cluster: servers find its processes by asking, and are told by their
 * Redisson file that each is to be reached over a line.
 */
public final class ReplicatedUnderChaos implements RedisUnderChaos, RedisUnderChaos.Failover {

  /** Its master is the one that is lost: each server writes there each second. */
  private static final String RECORDS = "presence:{nodes}";

  private final ReplicatedRedis redis;
  private final Path directory;
  private @Nullable RedisNode doomed;
  private long heldAt;

  private ReplicatedUnderChaos(RedisKind kind, Path directory, Orphans orphans) {
    this.directory = directory.toAbsolutePath();
    redis = (ReplicatedRedis) kind.start(directory, orphans, List.of());
  }

  /** Starts a master, two replicas and three Sentinels. */
  public static ReplicatedUnderChaos sentinel(Path directory, Orphans orphans) {
    return new ReplicatedUnderChaos(RedisKind.SENTINEL, directory, orphans);
  }

  /** Starts three masters, each with a replica. */
  public static ReplicatedUnderChaos cluster(Path directory, Orphans orphans) {
    return new ReplicatedUnderChaos(RedisKind.CLUSTER, directory, orphans);
  }

  @Override
  public List<Integer> ports() {
    return redis.processes().stream().map(RedisNode::port).toList();
  }

  @Override
  public Map<String, String> settings(IntUnaryOperator way) {
    Map<Integer, Integer> detours = new LinkedHashMap<>();
    ports().forEach(port -> detours.put(port, way.applyAsInt(port)));
    Path file = directory.resolve("by-" + detours.get(ports().getFirst()) + ".yaml");
    try {
      Files.writeString(file, redis.redissonYaml(detours));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("redis.url", "", "redis.config", file.toString());
  }

  @Override
  public Map<String, String> straight() {
    return settings(IntUnaryOperator.identity());
  }

  @Override
  public void kill() {
    redis.nodes().forEach(RedisNode::kill);
  }

  @Override
  public void startEmpty() {
    redis.restartEmpty();
  }

  @Override
  public void flush() {
    redis.flush();
  }

  @Override
  public long killSubscribers() {
    return redis.killSubscribers();
  }

  @Override
  public long commands() {
    return redis.commands();
  }

  @Override
  public int moveSlots() {
    return redis instanceof LocalCluster cluster ? cluster.moveSlotsInUse() : 0;
  }

  @Override
  public Failover failover() {
    return this;
  }

  @Override
  public void prepare() {
    redis.awaitReplicated();
  }

  @Override
  public void holdReplication() {
    RedisNode master = redis.masterOf(RECORDS);
    redis.holdReplication();
    doomed = master;
    heldAt = master.written();
  }

  private RedisNode doomed() {
    return Objects.requireNonNull(doomed, "nothing has been held");
  }

  @Override
  public long missed() {
    return doomed().written() - heldAt;
  }

  @Override
  public void killMaster() {
    doomed().kill();
    RedisNode _ = redis.awaitMasterAfter(doomed());
    redis.releaseReplication();
  }

  @Override
  public void mend() {
    redis.restart(doomed());
  }

  @Override
  public void close() {
    redis.close();
  }
}
