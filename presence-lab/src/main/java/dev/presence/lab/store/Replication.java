package dev.presence.lab.store;

import java.util.List;

/** What masters and replicas say of how far they have come. */
final class Replication {

  private Replication() {}

  /** Whether every replica that is alive is connected, and has all that its master has. */
  static boolean complete(List<RedisNode> nodes) {
    return nodes.stream().filter(RedisNode::answers).allMatch(node -> complete(node, nodes));
  }

  private static boolean complete(RedisNode node, List<RedisNode> all) {
    List<?> role = node.list("ROLE");
    if (!"slave".equals(role.getFirst())) {
      return true;
    }
    long masterPort = (Long) role.get(2);
    return "connected".equals(role.get(3))
        && all.stream()
            .filter(other -> other.port() == masterPort && other.answers())
            .allMatch(master -> (Long) role.get(4) >= offset(master));
  }

  private static long offset(RedisNode master) {
    Object offset = master.list("ROLE").get(1);
    return offset instanceof Long number ? number : Long.MAX_VALUE;
  }
}
