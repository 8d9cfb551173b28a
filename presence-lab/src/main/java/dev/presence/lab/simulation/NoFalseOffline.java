package dev.presence.lab.simulation;

import dev.presence.client.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * No application that was told a user is online is told offline while one of the user's sessions is
 * protected, and has been for as long as such word may be on its way. See {@link SessionTruth}.
 */
final class NoFalseOffline implements Invariant {

  /** What was decided before a session was protected may still be told for so long. */
  private static final long ON_ITS_WAY_MILLIS = 1_000;

  private final World world;
  private final Oracle oracle;

  NoFalseOffline(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "no-false-offline";
  }

  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    PresenceState state = now.presence().state();
    boolean wasOnline = before != null && isOnline(before.presence().state());
    if (isOnline(state) && !wasOnline && change) {
      world.tally().rule(Rule.TOLD_ONLINE);
    }
    if (state != PresenceState.OFFLINE || !wasOnline) {
      return;
    }
    world.tally().rule(Rule.TOLD_OFFLINE);
    Person person = world.person(now.presence().userId());
    if (person == null) {
      return;
    }
    for (SessionTruth session : world.truth().of(person)) {
      long at = now.atMillis();
      if (session.isProtected(at, world)
          && !world.wordIsLost(session, device.stream() == null ? null : device.stream().node())
          && session.protectedSinceMillis <= at - ON_ITS_WAY_MILLIS) {
        oracle.complain(
            this,
            device.name()
                + " ("
                + device.app().standing()
                + ") is told that "
                + person
                + " is offline, whose session "
                + session.id
                + " of "
                + session.device.name()
                + " on "
                + session.stream.node
                + " counts until "
                + Trace.stamp(session.protectedUntil(at, world)));
        return;
      }
    }
  }

  static boolean isOnline(PresenceState state) {
    return state == PresenceState.ONLINE
        || state == PresenceState.AWAY
        || state == PresenceState.BUSY;
  }
}
