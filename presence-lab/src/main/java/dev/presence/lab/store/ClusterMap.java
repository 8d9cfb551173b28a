package dev.presence.lab.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What one member of a Redis Cluster knows of all of them: {@code CLUSTER NODES}.
 *
 * @param members in no order
 */
record ClusterMap(List<Member> members) {

  /**
   * A member.
   *
   * @param id by which members know each other
   * @param port for clients
   * @param flags such as {@code myself,master}
   * @param master the id of its master; a dash if it is one
   * @param slots its ranges of slots, first and last; those on the move are left out
   */
  record Member(String id, int port, String flags, String master, List<int[]> slots) {

    boolean isMaster() {
      return flags.contains("master") && !flags.contains("fail");
    }

    boolean has(int slot) {
      return slots.stream().anyMatch(range -> range[0] <= slot && slot <= range[1]);
    }
  }

  static ClusterMap of(RedisNode node) {
    return new ClusterMap(node.text("CLUSTER", "NODES").lines().map(ClusterMap::member).toList());
  }

  private static Member member(String line) {
    String[] words = line.split(" ", -1);
    String address = words[1].split("@", -1)[0];
    List<int[]> slots = new ArrayList<>();
    for (int i = 8; i < words.length; i++) {
      if (!words[i].startsWith("[")) {
        String[] range = words[i].split("-", -1);
        int first = Integer.parseInt(range[0]);
        slots.add(new int[] {first, range.length == 1 ? first : Integer.parseInt(range[1])});
      }
    }
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return new Member(words[0], port, words[2], words[3], slots);
  }

  Member of(int port) {
    return members.stream()
        .filter(member -> member.port == port)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no member has the port " + port));
  }

  /** Whether all are known, by their final names, and no one is about to be. */
  boolean complete(int size) {
    return members.size() == size
        && members.stream()
            .noneMatch(member -> member.flags.contains("handshake") || member.port == 0);
  }
}
