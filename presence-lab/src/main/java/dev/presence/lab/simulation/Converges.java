package dev.presence.lab.simulation;

import dev.presence.client.PresenceState;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;

/**
 * All views equal the truth within five seconds after the last fault, grace periods and handovers
 * aside: checked of users with whom nothing is under way.
 */
final class Converges implements Invariant {

  private static final long STEADY_MILLIS = 5_000;
  private static final long WISH_MILLIS = 10_000;

  private final World world;
  private final Oracle oracle;

  Converges(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "converges";
  }

  @Override
  public void look(long nowMillis) {
    if (!world.isCalm(SeenOnline.HEALED_MILLIS)) {
      return;
    }
    for (Device watcher : world.soundWatchers(STEADY_MILLIS)) {
      for (Person person : watcher.visible()) {
        PresenceState seen = watcher.app().sees(person);
        if (!NoFalseOffline.isOnline(seen)) {
          continue; // the affair of others
        }
        world.tally().rule(Rule.CONVERGED);
        compare(watcher, person, seen, nowMillis);
      }
    }
  }

  private void compare(Device watcher, Person person, PresenceState seen, long nowMillis) {
    ClientStream stream = watcher.stream();
    OfflineBound bound = new OfflineBound(world, stream == null ? null : stream.truth(), nowMillis);
    boolean active = false;
    boolean any = false;
    for (SessionTruth session : world.truth().of(person)) {
      if (session.isSteady(nowMillis, STEADY_MILLIS, world)) {
        any = true;
        active |= session.stream.shown() == Activity.ACTIVE;
      } else if (nowMillis < bound.of(session) + STEADY_MILLIS) {
        return; // something is under way
      }
    }
    if (!any || !world.truth().ungreetedOf(person).isEmpty()) {
      return;
    }
    if (nowMillis - person.wishArrivedMillis() < WISH_MILLIS) {
      return;
    }
    PresenceState free = active ? PresenceState.ONLINE : PresenceState.AWAY;
    PresenceState expected = person.wish() == Availability.BUSY ? PresenceState.BUSY : free;
    boolean either = !person.isWishCertain() && (seen == PresenceState.BUSY || seen == free);
    if (seen != expected && !either) {
      oracle.complain(
          this, watcher.name() + " sees " + person + " " + seen + ", who is " + expected);
    }
  }
}
