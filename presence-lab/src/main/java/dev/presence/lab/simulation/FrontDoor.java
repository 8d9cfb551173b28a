package dev.presence.lab.simulation;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy does: it sends each new stream and call to some server that it takes for healthy. It
 * learns within half a second that one has begun or ceased to serve, and within three that one does
 * not answer any more.
 */
final class FrontDoor {

  private static final long HEALTH_MILLIS = 500;
  private static final long SILENCE_MILLIS = 3_000;
  private static final double HONOURS_AVOID = 0.9;

  private final World world;
  private final Set<SimulatedNode> healthy = new LinkedHashSet<>();

  FrontDoor(World world) {
    this.world = world;
  }

  /** A server's health may be another one now. */
  void changed(SimulatedNode node) {
    long delay =
        node.process().runs()
            ? world.random().nextLong(HEALTH_MILLIS)
            : world.random().nextLong(HEALTH_MILLIS, SILENCE_MILLIS);
    var _ = world.time().schedule(delay, () -> look(node));
  }

  private void look(SimulatedNode node) {
    if (node.serves()) {
      healthy.add(node);
    } else {
      healthy.remove(node);
    }
  }

  /** Where a stream or a call goes; null if nobody is there. */
  @Nullable SimulatedNode choose(@Nullable SocketAddress avoid) {
    List<SimulatedNode> choice = new ArrayList<>(healthy);
    if (avoid != null && choice.size() > 1 && world.random().nextDouble() < HONOURS_AVOID) {
      choice.removeIf(node -> node.address().equals(avoid));
    }
    return choice.isEmpty() ? null : choice.get(world.random().nextInt(choice.size()));
  }
}
