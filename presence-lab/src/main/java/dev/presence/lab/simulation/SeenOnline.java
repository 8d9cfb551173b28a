package dev.presence.lab.simulation;

import dev.presence.client.PresenceState;
import java.util.ArrayList;
import java.util.List;

/**
 * A session that stays shows at every watcher: within a second in health, within five seconds after
 * the fault that hid it.
 */
final class SeenOnline implements Invariant {

  static final long SEEN_MILLIS = 1_100;
  static final long HEALED_MILLIS = 5_000;

  private final World world;
  private final Oracle oracle;

  SeenOnline(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "seen-online";
  }

  @Override
  public void look(long nowMillis) {
    if (world.faults().wakingFailed(HEALED_MILLIS)) {
      return;
    }
    for (Device watcher : world.soundWatchers(SEEN_MILLIS)) {
      for (Person person : watcher.visible()) {
        PresenceState seen = watcher.app().sees(person);
        if (!NoFalseOffline.isOnline(seen)) {
          judge(watcher, person, seen, nowMillis);
        }
      }
    }
  }

  private void judge(Device watcher, Person person, PresenceState seen, long nowMillis) {
    for (SessionTruth session : world.truth().of(person)) {
      if (session.protectedSinceMillis <= nowMillis - SEEN_MILLIS
          && session.isSteady(nowMillis, SEEN_MILLIS, world)
          && !wasHidden(watcher, session, nowMillis)) {
        oracle.complain(
            this,
            watcher.name()
                + " sees "
                + person
                + " "
                + seen
                + ", whose session "
                + session.id
                + " has stayed since "
                + Trace.stamp(session.protectedSinceMillis));
        return;
      }
    }
  }

  /** Whether one of the two servers was out of contact with Redis a moment ago. */
  private boolean wasHidden(Device watcher, SessionTruth session, long nowMillis) {
    List<SimulatedNode> nodes = new ArrayList<>();
    ClientStream stream = watcher.stream();
    if (stream != null && stream.node() != null) {
      nodes.add(stream.node());
    }
    if (session.stream.node != null) {
      nodes.add(session.stream.node);
    }
    return world.faults().outOfContact(nodes).stream()
        .anyMatch(fault -> fault.endMillis >= nowMillis - HEALED_MILLIS);
  }
}
