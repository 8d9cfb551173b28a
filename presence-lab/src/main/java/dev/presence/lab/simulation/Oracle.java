package dev.presence.lab.simulation;

import dev.presence.client.ConnectionState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges a run by what applications are told, what clients did, and what the history holds. */
final class Oracle {

  private static final long LOOK_MILLIS = 500;
  private static final int MAX_VIOLATIONS = 20;

  private final World world;
  private final NoLeak noLeak;
  private final List<Invariant> invariants;
  private final List<Violation> violations = new ArrayList<>();
  private boolean ended;

  Oracle(World world) {
    this.world = world;
    noLeak = new NoLeak(world, this);
    invariants =
        List.of(
            new NoFalseOffline(world, this),
            new SeenOnline(world, this),
            new TrueOffline(world, this),
            new Converges(world, this),
            new NoRepeat(this),
            noLeak,
            new LastSeenForward(world, this),
            new OneRow(world, this),
            new EmptyAtEnd(world, this),
            new QuietRedis(world, this));
  }

  /** Begins to look, twice a second. */
  void start() {
    var _ =
        world
            .time()
            .schedule(
                LOOK_MILLIS,
                () -> {
                  if (!ended) {
                    long now = world.time().nowMillis();
                    for (Invariant invariant : invariants) {
                      invariant.look(now);
                    }
                    start();
                  }
                });
  }

  void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    Person about = world.person(now.presence().userId());
    if (about == null || !device.visible().contains(about)) {
      // Nothing is owed to whom that person came in sight of, or went out of it, just now.
      noLeak.told(device, before, now, change);
      return;
    }
    for (Invariant invariant : invariants) {
      invariant.told(device, before, now, change);
    }
  }

  void stateTold(Device device, ConnectionState.@Nullable Phase before, ConnectionState.Phase now) {
    for (Invariant invariant : invariants) {
      invariant.stateTold(device, before, now);
    }
  }

  /** Somebody asked, and was told of another one. */
  void answered(Device device, Person about) {
    noLeak.answered(device, about);
  }

  void end() {
    ended = true;
    invariants.forEach(Invariant::end);
  }

  void complain(Invariant about, String what) {
    world.note("ORACLE", () -> about.name() + ": " + what);
    boolean first = violations.stream().noneMatch(v -> v.invariant().equals(about.name()));
    if (first || violations.size() < MAX_VIOLATIONS) {
      violations.add(new Violation(about.name(), world.time().nowMillis(), what));
    }
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }
}
