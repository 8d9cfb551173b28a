package dev.presence.lab.chaos.stage;

import dev.presence.lab.store.FreePorts;
import dev.presence.lab.store.LocalRedis;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.Waiting;
import dev.presence.lab.tcp.Line;
import dev.presence.lab.tcp.Switchboard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One Redis behind one address, as a provider offers it: when the master is lost, the address leads
 * to what was its replica.
 */
public final class SingleRedis implements RedisUnderChaos, RedisUnderChaos.Failover {

  private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(20);

  private final Path directory;
  private final Orphans orphans;
  private final Line endpoint;
  private final Line replication;
  private LocalRedis master;
  private @Nullable LocalRedis replica;
  private long heldAt;

  private SingleRedis(Path directory, Orphans orphans, Switchboard board) {
    this.directory = directory;
    this.orphans = orphans;
    master = LocalRedis.start(FreePorts.any(), directory.resolve("one"), orphans);
    endpoint = board.line(at(master));
    replication = board.line(at(master));
  }

  /** Starts one, whose log goes to {@code directory}. */
  public static SingleRedis start(Path directory, Orphans orphans, Switchboard board) {
    return new SingleRedis(directory, orphans, board);
  }

  private static List<InetSocketAddress> at(LocalRedis redis) {
    return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), redis.port()));
  }

  @Override
  public List<Integer> ports() {
    return List.of(endpoint.port());
  }

  @Override
  public Map<String, String> settings(IntUnaryOperator way) {
    return Map.of("redis.url", "redis://127.0.0.1:" + way.applyAsInt(endpoint.port()));
  }

  @Override
  public Map<String, String> straight() {
    return Map.of("redis.url", "redis://127.0.0.1:" + master.port());
  }

  @Override
  public void kill() {
    master.kill();
  }

  @Override
  public void startEmpty() {
    master.start();
  }

  @Override
  public void flush() {
    master.flush();
  }

  @Override
  public long killSubscribers() {
    return master.killSubscribers();
  }

  @Override
  public long commands() {
    return master.commands();
  }

  @Override
  public Failover failover() {
    return this;
  }

  @Override
  public void prepare() {
    LocalRedis other = replica;
    if (other == null) {
      other = LocalRedis.start(FreePorts.any(), directory.resolve("other"), orphans);
      replica = other;
    }
    LocalRedis following = other;
    String _ = following.command("REPLICAOF 127.0.0.1 " + replication.port());
    Waiting.until(
        "the replica to be in step",
        SYNC_TIMEOUT,
        following::isAlive,
        () -> following.info("replication", "master_link_status").equals("up"));
  }

  @Override
  public void holdReplication() {
    int _ = replication.stall();
    heldAt = written();
  }

  @Override
  public long missed() {
    return written() - heldAt;
  }

  private long written() {
    return master.nodes().getFirst().written();
  }

  @Override
  public void killMaster() {
    LocalRedis next = replica;
    if (next == null) {
      throw new IllegalStateException("there is no replica: prepare it first");
    }
    master.kill();
    String _ = next.command("REPLICAOF NO ONE");
    replica = master;
    master = next;
    endpoint.lead(at(master));
  }

  @Override
  public void mend() {
    replication.lead(at(master));
    replication.mend();
    LocalRedis other = replica;
    if (other != null) {
      other.start();
    }
  }

  @Override
  public void close() {
    endpoint.close();
    replication.close();
    master.close();
    if (replica != null) {
      replica.close();
    }
  }
}
