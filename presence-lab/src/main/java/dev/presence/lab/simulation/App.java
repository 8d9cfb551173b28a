package dev.presence.lab.simulation;

import dev.presence.client.ConnectionState;
import dev.presence.client.Presence;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceState;
import dev.presence.client.SessionInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application on a device: it keeps what the library tells it, and lets the oracle hear. */
final class App implements PresenceListener {

  private final World world;
  private final Device device;
  private final Map<String, Told> told = new HashMap<>();
  private boolean snapshot;
  private ConnectionState.@Nullable Phase phase;
  private long phaseSinceMillis;
  private long snapshotMillis;

  /** What was told last of a contact. */
  record Told(Presence presence, boolean stale, long atMillis) {}

  App(World world, Device device) {
    this.world = world;
    this.device = device;
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    world.note(device.name(), () -> "is shown a snapshot of " + contacts.size());
    snapshot = true;
    snapshotMillis = world.time().nowMillis();
    contacts.values().forEach(presence -> take(presence, false));
  }

  @Override
  public void onChange(Presence contact) {
    take(contact, true);
  }

  private void take(Presence presence, boolean change) {
    if (change) {
      world.note(
          device.name(),
          () ->
              "sees "
                  + presence.userId()
                  + " "
                  + presence.state()
                  + presence.lastSeen().map(seen -> ", last seen " + seen).orElse(""));
    }
    Told before = told.get(presence.userId());
    Told now = new Told(presence, isStale(), world.time().nowMillis());
    told.put(presence.userId(), now);
    world.oracle().told(device, before, now, change);
  }

  @Override
  public void onState(ConnectionState state) {
    world.note(device.name(), () -> "is " + state);
    world.oracle().stateTold(device, phase, state.phase());
    if (state.phase() == ConnectionState.Phase.STALE) {
      world.tally().rule(Rule.TOLD_STALE);
    }
    phase = state.phase();
    phaseSinceMillis = world.time().nowMillis();
  }

  @Override
  public void onHello(SessionInfo info) {
    phaseSinceMillis = world.time().nowMillis();
  }

  private boolean isStale() {
    return phase == ConnectionState.Phase.STALE;
  }

  /** How it stands, and since when, for people. */
  String standing() {
    return phase + " since " + Trace.stamp(phaseSinceMillis);
  }

  /** What it shows of a user. */
  PresenceState sees(Person person) {
    Told last = told.get(person.name());
    return last == null ? PresenceState.OFFLINE : last.presence().state();
  }

  /** Whether it has been live, with all contacts, for so long. */
  boolean hasBeenLive(long forMillis) {
    long now = world.time().nowMillis();
    return snapshot
        && phase == ConnectionState.Phase.LIVE
        && now - phaseSinceMillis > forMillis
        && now - snapshotMillis > forMillis;
  }
}
