package dev.presence.lab.store;

import java.util.List;
import java.util.Map;

/** Redisson's configuration files, as an operator would write them. */
final class RedissonYaml {

  private RedissonYaml() {}

  static String sentinel(String name, List<RedisNode> sentinels, Map<Integer, Integer> detours) {
    return "sentinelServersConfig:\n  masterName: "
        + name
        + "\n  sentinelAddresses:\n"
        + addresses(sentinels, detours)
        + natMap(detours);
  }

  static String cluster(List<RedisNode> nodes, Map<Integer, Integer> detours) {
    return "clusterServersConfig:\n  nodeAddresses:\n"
        + addresses(nodes, detours)
        + natMap(detours);
  }

  private static String addresses(List<RedisNode> nodes, Map<Integer, Integer> detours) {
    StringBuilder lines = new StringBuilder();
    for (RedisNode node : nodes) {
      int port = detours.getOrDefault(node.port(), node.port());
      lines.append("    - \"redis://127.0.0.1:").append(port).append("\"\n");
    }
    return lines.toString();
  }

  /** What is found by asking is found elsewhere, too. */
  private static String natMap(Map<Integer, Integer> detours) {
    if (detours.isEmpty()) {
      return "";
    }
    StringBuilder lines = new StringBuilder("  natMap:\n");
    detours.forEach(
        (from, to) -> lines.append("    \"127.0.0.1:%d\": \"127.0.0.1:%d\"\n".formatted(from, to)));
    return lines.toString();
  }
}
