package dev.presence.lab.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which servers reach Redis. Several faults may keep a server from it at a time; it is reached
 * again when the last of them is over. Who does not reach it while another server does is cut off
 * alone; while nobody is left that does, it is away for all.
 */
final class Reach {

  private final World world;

  /** How many faults cut a server off. */
  private final Map<SimulatedNode, Integer> cuts = new HashMap<>();

  /** Since when a server has been cut off alone. */
  private final Map<SimulatedNode, Long> alone = new HashMap<>();

  /** How many faults keep everybody off, who comes later, too. */
  private int outages;

  private boolean away;
  private long awaySinceMillis;
  private long endedSinceMillis;
  private long awayEndMillis;

  Reach(World world) {
    this.world = world;
  }

  void cut(Collection<SimulatedNode> nodes) {
    nodes.forEach(node -> cuts.merge(node, 1, Integer::sum));
    look();
  }

  void mend(Collection<SimulatedNode> nodes) {
    nodes.forEach(node -> cuts.computeIfPresent(node, (_, count) -> count > 1 ? count - 1 : null));
    look();
  }

  void cutAll() {
    outages++;
    look();
  }

  void mendAll() {
    outages--;
    look();
  }

  /** Something has changed: a fault, or which servers there are. */
  void look() {
    List<SimulatedNode> live = world.liveNodes();
    List<SimulatedNode> reaching = live.stream().filter(this::reaches).toList();
    for (SimulatedNode node : live) {
      if (!reaches(node)) {
        node.redis().cutOff(true);
      } else if (node.redis().isCutOff()) {
        world.rejoined(node);
        node.redis().cutOff(false);
        node.topics().reconnected();
      }
    }
    long now = world.time().nowMillis();
    boolean nobody = outages > 0 || (reaching.isEmpty() && !live.isEmpty());
    if (nobody && !away) {
      awaySinceMillis = now;
    } else if (away && reaching.stream().anyMatch(node -> node.startedMillis() < awaySinceMillis)) {
      awayEndMillis = now;
      endedSinceMillis = awaySinceMillis;
    }
    away = nobody;
    alone.keySet().removeIf(node -> away || reaches(node));
    if (!away) {
      live.stream().filter(node -> !reaches(node)).forEach(node -> alone.putIfAbsent(node, now));
    }
  }

  private boolean reaches(SimulatedNode node) {
    return outages == 0 && !cuts.containsKey(node);
  }

  /** Whether no server reaches Redis. */
  boolean isAway() {
    return away;
  }

  /** When the last outage for all that has ended began; 0 if there was none. */
  long awaySinceMillis() {
    return endedSinceMillis;
  }

  /**
   * When the last outage for all ended, for servers that were there before it; 0 if there was none.
   */
  long awayEndMillis() {
    return awayEndMillis;
  }

  /** Since when a server is cut off while another one is not; -1 if it is not. */
  long aloneSince(SimulatedNode node) {
    return alone.getOrDefault(node, -1L);
  }
}
