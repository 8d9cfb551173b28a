package dev.presence.lab.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Redis Cluster on the loopback: three masters, which share the slots, each with a replica, which
 * replaces it when it is gone for some two seconds.
 */
public final class LocalCluster extends ReplicatedRedis {

  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisNode> nodes = new ArrayList<>();
  private final List<Integer> busPorts;

  private LocalCluster(Path directory, Orphans orphans, List<String> options) {
    super(directory);
    List<Integer> ports = FreePorts.many(4 * MASTERS);
    busPorts = ports.subList(2 * MASTERS, 4 * MASTERS);
    for (int i = 0; i < 2 * MASTERS; i++) {
      String id = "redis" + (i + 1);
      List<String> all = options(id, busPorts.get(i));
      all.addAll(options);
      nodes.add(new RedisNode(id, ports.get(i), directory(), orphans, all));
    }
  }

  private static List<String> options(String id, int busPort) {
    List<String> options = RedisNode.inMemory("--repl-diskless-sync-delay", "0");
    options.addAll(List.of("--cluster-enabled", "yes", "--cluster-config-file", id + ".nodes"));
    options.addAll(List.of("--cluster-port", Integer.toString(busPort)));
    options.addAll(List.of("--cluster-node-timeout", "1500"));
    // Those slots that have a master go on working while others have none.
    options.addAll(List.of("--cluster-require-full-coverage", "no"));
    // A replica that has been held back for long is promoted all the same, and stays with its
    // master.
    options.addAll(List.of("--cluster-replica-validity-factor", "0"));
    options.addAll(List.of("--cluster-allow-replica-migration", "no"));
    return options;
  }

  /** Starts it; returns when all members agree, and every replica has its master's data. */
  static LocalCluster start(Path directory, Orphans orphans, List<String> options) {
    LocalCluster cluster = new LocalCluster(directory, orphans, options);
    try {
      cluster.nodes.forEach(RedisNode::launch);
      cluster.nodes.forEach(RedisNode::awaitAnswer);
      cluster.form();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void form() {
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).ask("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (int i = 0; i < MASTERS; i++) {
      String first = Integer.toString(i * SLOTS / MASTERS);
      String last = Integer.toString((i + 1) * SLOTS / MASTERS - 1);
      nodes.get(i).ask("CLUSTER", "ADDSLOTSRANGE", first, last);
    }
    for (int i = 1; i < nodes.size(); i++) {
      String port = Integer.toString(nodes.get(i).port());
      String busPort = Integer.toString(busPorts.get(i));
      nodes.getFirst().ask("CLUSTER", "MEET", "127.0.0.1", port, busPort);
    }
    await(
        "the members to know each other",
        () -> nodes.stream().allMatch(node -> ClusterMap.of(node).complete(nodes.size())));
    ClusterMap map = ClusterMap.of(nodes.getFirst());
    for (int i = 0; i < MASTERS; i++) {
      String master = map.of(nodes.get(i).port()).id();
      nodes.get(MASTERS + i).ask("CLUSTER", "REPLICATE", master);
    }
    await("the Cluster to be whole", () -> nodes.stream().allMatch(this::sayAllIsWell));
    awaitReplicated();
  }

  private boolean sayAllIsWell(RedisNode node) {
    return node.text("CLUSTER", "INFO").contains("cluster_state:ok")
        && ClusterMap.of(node).members().stream().filter(ClusterMap.Member::isMaster).count()
            == MASTERS;
  }

  @Override
  public String redissonYaml(Map<Integer, Integer> detours) {
    return RedissonYaml.cluster(nodes, detours);
  }

  @Override
  public List<RedisNode> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  List<RedisNode> judges() {
    return nodes;
  }

  @Override
  public List<RedisNode> masters() {
    ClusterMap map = map();
    return nodes.stream()
        .filter(node -> map.of(node.port()).isMaster() && !map.of(node.port()).slots().isEmpty())
        .toList();
  }

  @Override
  public RedisNode masterOf(String key) {
    int slot = slot(key);
    return masters().stream()
        .filter(master -> map().of(master.port()).has(slot))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("slot " + slot + " has no master"));
  }

  private int slot(String key) {
    return (int) alive().number("CLUSTER", "KEYSLOT", key);
  }

  private ClusterMap map() {
    return ClusterMap.of(alive());
  }

  private RedisNode alive() {
    return nodes.stream().filter(RedisNode::answers).findFirst().orElseThrow();
  }

  @Override
  public RedisNode promote(RedisNode master) {
    RedisNode replica = partner(master);
    replica.ask("CLUSTER", "FAILOVER", "TAKEOVER");
    await("all members to follow the new master", () -> inCharge(replica));
    return replica;
  }

  private boolean inCharge(RedisNode master) {
    return nodes.stream()
        .filter(RedisNode::answers)
        .map(ClusterMap::of)
        .allMatch(
            map ->
                map.of(master.port()).isMaster()
                    && !map.of(master.port()).slots().isEmpty()
                    && !map.of(partner(master).port()).isMaster());
  }

  /** By the other masters' own verdict. */
  @Override
  public RedisNode awaitMasterAfter(RedisNode before) {
    RedisNode replica = partner(before);
    await("the Cluster to replace " + before, () -> inCharge(replica));
    return replica;
  }

  /** Who shares a master's, or a replica's, part of the slots. */
  private RedisNode partner(RedisNode node) {
    return nodes.get((nodes.indexOf(node) + MASTERS) % nodes.size());
  }

  /**
   * Moves the slot of a key to another master while clients go on, as resharding does.
   *
   * @return the new master of the key
   */
  public RedisNode moveSlotOf(String key) {
    RedisNode from = masterOf(key);
    RedisNode to = masters().stream().filter(node -> node != from).findFirst().orElseThrow();
    int _ = new SlotMove(slot(key), from, to, map()).run(nodes);
    return to;
  }

  /**
   * Moves each slot that holds keys to another master while clients go on.
   *
   * @return how many keys moved
   */
  public int moveSlotsInUse() {
    Map<Integer, RedisNode> owners = new TreeMap<>();
    for (RedisNode master : masters()) {
      for (Object key : master.list("KEYS", "*")) {
        owners.put(slot(String.valueOf(key)), master);
      }
    }
    List<RedisNode> masters = masters();
    int keys = 0;
    for (Map.Entry<Integer, RedisNode> owner : owners.entrySet()) {
      RedisNode from = owner.getValue();
      RedisNode to = masters.get((masters.indexOf(from) + 1) % masters.size());
      keys += new SlotMove(owner.getKey(), from, to, map()).run(nodes);
    }
    return keys;
  }

  /** It knows its role from the file that it keeps. */
  @Override
  public void restart(RedisNode node) {
    node.start();
  }

  @Override
  public void restartEmpty() {
    nodes.forEach(RedisNode::kill);
    nodes.forEach(RedisNode::launch);
    nodes.forEach(RedisNode::awaitAnswer);
    await("the Cluster to be whole", () -> nodes.stream().allMatch(this::sayAllIsWell));
  }

  @Override
  public void close() {
    nodes.forEach(RedisNode::close);
  }
}
