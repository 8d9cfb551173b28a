package dev.presence.lab.simulation;

import dev.presence.client.Presence;
import dev.presence.client.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * No watcher learns of someone it may not see. Contacts that change count from the next stream on,
 * and a server may still have the roster of a moment ago: see {@link Device#mayBeTold}.
 */
final class NoLeak implements Invariant {

  private final World world;
  private final Oracle oracle;

  NoLeak(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "no-leak";
  }

  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    Presence presence = now.presence();
    if (before != null && saysNothing(presence)) {
      return; // that is what is shown of somebody who is not listed any more
    }
    Person about = world.person(presence.userId());
    if (about == null || !device.mayBeTold(about)) {
      oracle.complain(this, device.name() + " is told of " + presence.userId());
    }
  }

  private static boolean saysNothing(Presence presence) {
    return presence.state() == PresenceState.OFFLINE && presence.lastSeen().isEmpty();
  }

  /** A question was answered with more than nothing. */
  void answered(Device device, Person about) {
    oracle.complain(this, device.name() + " asked, and learned of " + about);
  }
}
