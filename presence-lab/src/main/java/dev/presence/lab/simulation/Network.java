package dev.presence.lab.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All streams that are up, so that they notice when their server goes. */
final class Network {

  private static final double NOTICED = 0.9;

  private final World world;
  private final Set<ClientStream> streams = new LinkedHashSet<>();

  Network(World world) {
    this.world = world;
  }

  void add(ClientStream stream) {
    streams.add(stream);
  }

  void remove(ClientStream stream) {
    streams.remove(stream);
  }

  /** A server is gone: most of its clients notice at once, to some it is just silent. */
  void nodeGone(SimulatedNode node) {
    List<ClientStream> its = new ArrayList<>();
    for (ClientStream stream : streams) {
      if (stream.node() == node) {
        its.add(stream);
      }
    }
    for (ClientStream stream : its) {
      stream.serverGone(world.random().nextDouble() < NOTICED);
    }
  }

  int size() {
    return streams.size();
  }
}
