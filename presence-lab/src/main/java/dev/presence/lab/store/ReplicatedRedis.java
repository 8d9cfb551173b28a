package dev.presence.lab.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A Redis whose masters have replicas, one of which can take over. */
public abstract class ReplicatedRedis implements RedisTopology {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path directory;

  /**
   * Nothing runs yet.
   *
   * @param directory for logs and configurations
   */
  ReplicatedRedis(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** Who decides which replica takes over: when all of them are dead, nobody does any more. */
  abstract List<RedisNode> judges();

  final Path directory() {
    return directory;
  }

  final void await(String what, BooleanSupplier there) {
    Waiting.until(
        what + ", logs: " + directory,
        PATIENCE,
        () -> judges().stream().anyMatch(RedisNode::isAlive),
        there);
  }

  @Override
  public final Map<String, String> settings() {
    Path file = directory.resolve("redisson.yaml");
    try {
      Files.writeString(file, redissonYaml(Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("redis.config", file.toString());
  }

  /**
   * Lets replicas receive nothing more from their masters, so that what is written from now on is
   * lost if one of them takes over. Ended by {@link #releaseReplication}; who is promoted meanwhile
   * is released by that.
   */
  public final void holdReplication() {
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
  public final void releaseReplication() {
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
  public abstract RedisNode promote(RedisNode master);

  /** Waits until another one than {@code before} is in charge, by the servers' own verdict. */
  public abstract RedisNode awaitMasterAfter(RedisNode before);

  /** All processes to which clients connect: the nodes, and Sentinels where there are any. */
  public List<RedisNode> processes() {
    return nodes();
  }

  /** Waits until every replica that is alive has all that its master has. */
  public final void awaitReplicated() {
    await("the replicas to have everything", () -> Replication.complete(nodes()));
  }

  /**
   * A Redisson configuration by which a client reaches processes through other ports: proxies. By
   * the port of a process, Sentinels too, the one to connect to in its place.
   */
  public abstract String redissonYaml(Map<Integer, Integer> detours);
}
