package dev.presence.lab.store;

import java.util.ArrayList;
import java.util.List;

/**
 * A slot that moves from one master to another, live.
 *
 * @param map tells the members' ids
 */
record SlotMove(int slot, RedisNode from, RedisNode to, ClusterMap map) {

  private static final String AT_A_TIME = "100";
  private static final String TIMEOUT_MILLIS = "5000";

  /** Moves it; all of {@code nodes} that are alive are told. Returns how many keys moved. */
  int run(List<RedisNode> nodes) {
    int moved = 0;
    setSlot(to, "IMPORTING", from);
    setSlot(from, "MIGRATING", to);
    for (List<?> keys = keys(); !keys.isEmpty(); keys = keys()) {
      List<String> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1"));
      migrate.addAll(List.of(Integer.toString(to.port()), "", "0", TIMEOUT_MILLIS, "KEYS"));
      keys.forEach(key -> migrate.add(String.valueOf(key)));
      from.ask(migrate.toArray(String[]::new));
      moved += keys.size();
    }
    // The new owner first: until it knows, nobody else must send clients there.
    setSlot(to, "NODE", to);
    setSlot(from, "NODE", to);
    nodes.stream()
        .filter(node -> node.answers() && ClusterMap.of(node).of(node.port()).isMaster())
        .forEach(node -> setSlot(node, "NODE", to));
    return moved;
  }

  private List<?> keys() {
    return from.list("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), AT_A_TIME);
  }

  private void setSlot(RedisNode told, String what, RedisNode other) {
    told.ask("CLUSTER", "SETSLOT", Integer.toString(slot), what, map.of(other.port()).id());
  }
}
