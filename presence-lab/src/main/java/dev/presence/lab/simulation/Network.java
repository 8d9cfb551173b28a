package dev.presence.lab.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The lines of all streams that are up, so that they notice when their server goes. */
final class Network {

  private static final double NOTICED = 0.9;

  private final World world;
  private final Set<Line> lines = new LinkedHashSet<>();

  Network(World world) {
    this.world = world;
  }

  void add(Line line) {
    lines.add(line);
  }

  void remove(Line line) {
    lines.remove(line);
  }

  /** A server is gone: most of its clients notice at once, to some it is just silent. */
  void nodeGone(SimulatedNode node) {
    List<Line> its = new ArrayList<>();
    for (Line line : lines) {
      if (line.node() == node) {
        its.add(line);
      }
    }
    for (Line line : its) {
      line.serverGone(world.random().nextDouble() < NOTICED);
    }
  }

  int size() {
    return lines.size();
  }
}
