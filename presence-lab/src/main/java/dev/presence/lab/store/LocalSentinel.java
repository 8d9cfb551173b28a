package dev.presence.lab.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A master, two replicas and three Sentinels on the loopback. A master that is gone for a second is
 * replaced by one of its replicas.
 */
public final class LocalSentinel extends ReplicatedRedis {

  private static final String NAME = "presence";
  private static final int DATA = 3;
  private static final int SENTINELS = 3;
  private static final String QUORUM = "2";

  private final List<String> options;
  private final List<RedisNode> data = new ArrayList<>();
  private final List<RedisNode> sentinels = new ArrayList<>();

  private LocalSentinel(Path directory, Orphans orphans, List<String> options) {
    super(directory);
    this.options = List.copyOf(options);
    List<Integer> ports = FreePorts.many(DATA + SENTINELS);
    for (int i = 0; i < DATA; i++) {
      data.add(
          new RedisNode("redis" + (i + 1), ports.get(i), directory(), orphans, options(List.of())));
    }
    for (int i = 0; i < SENTINELS; i++) {
      String id = "sentinel" + (i + 1);
      List<String> command = List.of(config(id).toString(), "--sentinel");
      sentinels.add(new RedisNode(id, ports.get(DATA + i), directory(), orphans, command));
    }
  }

  /** Starts it; returns when the Sentinels know the replicas and each other. */
  static LocalSentinel start(Path directory, Orphans orphans, List<String> options) {
    LocalSentinel redis = new LocalSentinel(directory, orphans, options);
    try {
      redis.startAll();
      return redis;
    } catch (RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  private void startAll() {
    RedisNode master = data.getFirst();
    master.start();
    startAsReplicas(master);
    for (RedisNode sentinel : sentinels) {
      writeConfig(sentinel, master);
      sentinel.launch();
    }
    sentinels.forEach(RedisNode::awaitAnswer);
    await("the Sentinels to know all", () -> sentinels.stream().allMatch(this::knowsAll));
    awaitReplicated();
  }

  private void startAsReplicas(RedisNode master) {
    List<RedisNode> others = data.stream().filter(node -> node != master).toList();
    others.forEach(node -> node.options(options(replicaOf(master))));
    others.forEach(RedisNode::launch);
    others.forEach(RedisNode::awaitAnswer);
  }

  private List<String> options(List<String> role) {
    // Replicas wait for nobody else before they are sent all.
    List<String> all = RedisNode.inMemory("--repl-diskless-sync-delay", "0");
    all.addAll(options);
    all.addAll(role);
    return all;
  }

  private static List<String> replicaOf(RedisNode master) {
    return List.of("--replicaof", "127.0.0.1", Integer.toString(master.port()));
  }

  private Path config(String sentinel) {
    return directory().resolve(sentinel + ".conf");
  }

  private void writeConfig(RedisNode sentinel, RedisNode master) {
    String about = " " + NAME + " ";
    List<String> lines =
        List.of(
            "sentinel monitor" + about + "127.0.0.1 " + master.port() + " " + QUORUM,
            "sentinel down-after-milliseconds" + about + "1000",
            "sentinel failover-timeout" + about + "5000",
            "sentinel parallel-syncs" + about + DATA);
    try {
      Files.createDirectories(directory());
      Files.write(config(sentinel.id()), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean knowsAll(RedisNode sentinel) {
    return sentinel.list("SENTINEL", "REPLICAS", NAME).size() == DATA - 1
        && sentinel.list("SENTINEL", "SENTINELS", NAME).size() == SENTINELS - 1;
  }

  @Override
  public String redissonYaml(Map<Integer, Integer> detours) {
    return RedissonYaml.sentinel(NAME, sentinels, detours);
  }

  @Override
  public List<RedisNode> nodes() {
    return List.copyOf(data);
  }

  @Override
  List<RedisNode> judges() {
    return sentinels;
  }

  /** The Sentinels. */
  public List<RedisNode> sentinels() {
    return List.copyOf(sentinels);
  }

  @Override
  public List<RedisNode> processes() {
    List<RedisNode> all = new ArrayList<>(data);
    all.addAll(sentinels);
    return all;
  }

  @Override
  public List<RedisNode> masters() {
    return List.of(master());
  }

  @Override
  public RedisNode masterOf(String key) {
    return master();
  }

  /** The master that most Sentinels tell of. */
  public RedisNode master() {
    for (RedisNode node : data) {
      long voices =
          sentinels.stream()
              .map(LocalSentinel::told)
              .flatMap(Optional::stream)
              .filter(port -> port.equals(Integer.toString(node.port())))
              .count();
      if (voices > SENTINELS / 2) {
        return node;
      }
    }
    throw new IllegalStateException("the Sentinels do not agree on a master");
  }

  /** The port of the master that a Sentinel tells of; empty if it does not answer. */
  private static Optional<String> told(RedisNode sentinel) {
    try {
      return Optional.of(
          String.valueOf(sentinel.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).get(1)));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  @Override
  public RedisNode promote(RedisNode master) {
    RedisNode asked = sentinels.stream().filter(RedisNode::answers).findFirst().orElseThrow();
    await(asked + " to take the order to promote a replica", () -> takesOrder(asked));
    await("the Sentinels to promote a replica", () -> promoted(master));
    return master();
  }

  /**
   * Orders a Sentinel to promote a replica. It refuses as long as it has not yet heard of one how
   * it is, as just after another one was promoted, and while it is still about that.
   */
  private static boolean takesOrder(RedisNode sentinel) {
    try {
      sentinel.ask("SENTINEL", "FAILOVER", NAME);
      return true;
    } catch (IllegalStateException e) {
      String why = String.valueOf(e.getMessage());
      if (why.contains("NOGOODSLAVE") || why.contains("INPROG")) {
        return false;
      }
      throw e;
    }
  }

  private boolean promoted(RedisNode before) {
    try {
      RedisNode now = master();
      return now != before && isMaster(now);
    } catch (IllegalStateException e) {
      return false; // while they do not agree
    }
  }

  /** By the Sentinels' own verdict. */
  @Override
  public RedisNode awaitMasterAfter(RedisNode before) {
    await("the Sentinels to replace " + before, () -> promoted(before));
    return master();
  }

  private static boolean isMaster(RedisNode node) {
    return node.answers() && Objects.equals(node.list("ROLE").getFirst(), "master");
  }

  @Override
  public void restart(RedisNode node) {
    RedisNode master = master();
    node.options(options(node == master ? List.of() : replicaOf(master)));
    node.start();
  }

  @Override
  public void restartEmpty() {
    RedisNode master = master();
    data.forEach(RedisNode::kill);
    master.options(options(List.of()));
    master.start();
    startAsReplicas(master);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisNode::close);
    data.forEach(RedisNode::close);
  }
}
