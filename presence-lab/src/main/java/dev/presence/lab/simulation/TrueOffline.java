package dev.presence.lab.simulation;

import dev.presence.client.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * Who is gone is told offline: within a second after a sign-out, else when the grace period or the
 * handover is over, whatever other faults go on. See {@link OfflineBound}.
 */
final class TrueOffline implements Invariant {

  /** For so long a client that has come back waits for the times, and some time for the way. */
  private static final long LAST_SEEN_MILLIS = 1_500;

  private final World world;
  private final Oracle oracle;

  TrueOffline(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "true-offline";
  }

  /**
   * Whom a server told of as offline after they had left does not appear again on the same stream
   * without coming. Another server may not have heard of it yet.
   */
  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    if (!change
        || before == null
        || before.presence().state() != PresenceState.OFFLINE
        || !NoFalseOffline.isOnline(now.presence().state())) {
      return;
    }
    ClientStream stream = device.stream();
    StreamTruth told = stream == null ? null : stream.truth();
    if (stream == null
        || told == null
        || stream.helloCameMillis() < 0
        || stream.helloCameMillis() >= before.atMillis()) {
      return;
    }
    Person person = world.person(now.presence().userId());
    if (person == null || !world.truth().ungreetedOf(person).isEmpty()) {
      return;
    }
    OfflineBound bound = new OfflineBound(world, told, now.atMillis());
    // What was hidden comes late, but in its order: that somebody came, and went.
    boolean hidden = world.faults().wakingFailed(OfflineBound.HIDDEN_MILLIS);
    long since = before.atMillis() - (hidden ? OfflineBound.HIDDEN_MILLIS : 0);
    for (SessionTruth session : world.truth().of(person)) {
      if (bound.mayCountAt(session, since)) {
        return;
      }
    }
    oracle.complain(
        this,
        device.name()
            + " is told that "
            + person
            + " is "
            + now.presence().state()
            + ", of whom no session is left since "
            + Trace.stamp(before.atMillis()));
  }

  @Override
  public void look(long nowMillis) {
    for (Device watcher : world.soundWatchers(SeenOnline.SEEN_MILLIS)) {
      ClientStream stream = watcher.stream();
      if (stream != null && isLate(stream, nowMillis)) {
        continue;
      }
      OfflineBound bound =
          new OfflineBound(world, stream == null ? null : stream.truth(), nowMillis);
      for (Person person : watcher.visible()) {
        PresenceState seen = watcher.app().sees(person);
        if (NoFalseOffline.isOnline(seen)) {
          judge(watcher, person, seen, bound.of(person), nowMillis);
        }
      }
    }
  }

  /**
   * Whether a client that has come back does not know yet who has left meanwhile, since the
   * database is away or slow: its server has no roster for it, or it waits for the times when they
   * were last seen.
   */
  private boolean isLate(ClientStream stream, long nowMillis) {
    long listed = stream.listedMillis();
    return world.faults().databaseFailed(SeenOnline.HEALED_MILLIS)
        && (listed < 0 || nowMillis - listed < LAST_SEEN_MILLIS);
  }

  private void judge(
      Device watcher, Person person, PresenceState seen, long bound, long nowMillis) {
    if (bound < nowMillis) {
      oracle.complain(
          this,
          watcher.name()
              + " sees "
              + person
              + " "
              + seen
              + ", of whom all was over, and to be told, by "
              + Trace.stamp(Math.max(0, bound)));
    }
  }
}
