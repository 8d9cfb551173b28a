package dev.presence.lab.simulation;

import java.util.List;

/**
 * One run: a seed decides which servers, people and faults there are, and everything that happens
 * to them.
 *
 * <p>It goes through these scenes: servers start and people come; people act while faults strike;
 * all faults over, everybody is still, but for heartbeats and reads; all leave; the rest settles.
 */
public final class Simulation {

  private static final int NODES = 3;
  private static final int MORE_NODES = 2;
  private static final int ACTIONS = 2_000;
  private static final long START_MILLIS = 3_000;
  private static final long AFTER_LAST_FAULT_MILLIS = 30_000;
  private static final long SETTLE_MILLIS = 130_000;
  private static final long STILL_MILLIS = 15_000;
  private static final long READ_MILLIS = 300;
  private static final long EMPTY_MILLIS = 200_000;

  private Simulation() {}

  /**
   * How a run went.
   *
   * @param seed what decided it
   * @param violations what was wrong; empty if all is right
   * @param trace what happened, if that was asked for
   * @param tally what was exercised
   * @param actions what people did
   * @param simulatedMillis how long it took, in simulated time
   */
  record Result(
      long seed,
      List<Violation> violations,
      List<String> trace,
      Tally tally,
      int actions,
      long simulatedMillis) {}

  /**
   * Plays a seed, and names the invariants that it breaks. For those who load the project's classes
   * once more: all that goes in and out is the JDK's.
   */
  public static List<String> brokenInvariants(long seed) {
    return run(seed, false).violations().stream().map(Violation::invariant).distinct().toList();
  }

  /** Plays a seed. */
  static Result run(long seed, boolean tracing) {
    World world = new World(seed, tracing);
    int nodes = NODES + world.random().nextInt(MORE_NODES + 1);
    for (int i = 0; i < nodes; i++) {
      world.startNode();
    }
    Population population = new Population(world);
    FaultSchedule faults = new FaultSchedule(world, seed);
    world.time().advance(START_MILLIS);
    population.gather();
    world.oracle().start();
    act(world, population, faults.start() + AFTER_LAST_FAULT_MILLIS);
    faults.stop();

    untilCalm(world);
    world.note("SCENE", () -> "everybody is still");
    reads(world, population, SETTLE_MILLIS);
    world.still(true);
    reads(world, population, STILL_MILLIS);
    world.still(false);
    world.time().advance(1_000);

    world.note("SCENE", () -> "all leave");
    population.leave();
    world.time().advance(EMPTY_MILLIS);
    world.oracle().end();
    return new Result(
        seed,
        world.oracle().violations(),
        world.trace().lines(),
        world.tally(),
        population.actions(),
        world.time().nowMillis());
  }

  private static void act(World world, Population population, long forMillis) {
    long pace = Math.max(1, forMillis / ACTIONS);
    long end = world.time().nowMillis() + forMillis;
    while (world.time().nowMillis() < end || population.actions() < ACTIONS) {
      population.act();
      world.time().advance(1 + world.random().nextLong(2 * pace));
    }
  }

  private static void untilCalm(World world) {
    while (!world.isCalm(1)) {
      world.time().advance(1_000);
    }
  }

  private static void reads(World world, Population population, long forMillis) {
    long end = world.time().nowMillis() + forMillis;
    while (world.time().nowMillis() < end) {
      population.onlyRead();
      world.time().advance(READ_MILLIS);
    }
  }
}
