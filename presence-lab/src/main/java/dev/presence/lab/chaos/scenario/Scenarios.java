package dev.presence.lab.chaos.scenario;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All scenarios, in the order in which they are played. */
public final class Scenarios {

  /**
   * Those of the short form, which all tests include. The one whose verdicts take longest is last,
   * so that they fall while others would be waited for anyway.
   */
  public static final List<Scenario> SHORT =
      List.of(
          RedisFaults.EMPTIED,
          RedisFaults.CUT_BRIEFLY,
          ServerFaults.ROLLING_ONCE,
          ServerFaults.KILLED);

  /** All that every topology can do. */
  public static final List<Scenario> ALL =
      List.of(
          ServerFaults.KILLED,
          ServerFaults.STOPPED_BRIEFLY,
          ServerFaults.STOPPED_LONG,
          ServerFaults.ROLLING,
          ServerFaults.ALL_KILLED,
          RedisFaults.EMPTIED,
          RedisFaults.FLUSHED,
          RedisFaults.PROMOTED,
          RedisFaults.SUBSCRIBERS_KILLED,
          RedisFaults.MESSAGES_SWALLOWED,
          RedisFaults.CUT_BRIEFLY,
          RedisFaults.CUT_LONG,
          RedisFaults.ALL_CUT,
          OtherFaults.POSTGRES_STOPPED,
          OtherFaults.POSTGRES_KILLED,
          OtherFaults.ONE_ENVOY_KILLED,
          OtherFaults.ONLY_ENVOY_KILLED,
          OtherFaults.HALF_CUT,
          OtherFaults.ALL_BACK,
          OtherFaults.BAD_NETWORK,
          ServerFaults.WRONG_CLOCK,
          RedisFaults.SLOT_MOVED);

  /** Those that a server can live through to which nothing is done. */
  public static final List<Scenario> SOAK =
      List.of(
          ServerFaults.KILLED,
          ServerFaults.STOPPED_BRIEFLY,
          ServerFaults.STOPPED_LONG,
          RedisFaults.EMPTIED,
          RedisFaults.FLUSHED,
          RedisFaults.SUBSCRIBERS_KILLED,
          RedisFaults.MESSAGES_SWALLOWED,
          RedisFaults.CUT_BRIEFLY,
          RedisFaults.CUT_LONG,
          OtherFaults.POSTGRES_KILLED,
          OtherFaults.ONLY_ENVOY_KILLED,
          OtherFaults.HALF_CUT,
          OtherFaults.ALL_BACK);

  /** What many of them by lot are together, to be written down as one. */
  public static final Scenario SOAKED =
      Scenario.of(
          "soak",
          "mixed chaos by lot",
          "zeros; heap of the server that stays ≤ 1.1 × + 8 MB, threads and descriptors ≤ + 10",
          Limits.STRICT,
          _ -> {
            throw new IllegalStateException("soak is no fault of its own");
          });

  /** The one that has a stage of its own, with so many clients. */
  public static final Scenario STORM = StormFault.STORM;

  /** How many clients it has. */
  public static final int STORM_CLIENTS = 2_000;

  private Scenarios() {}

  /** Those that can be played on a topology: where it is not a single Redis, those about Redis. */
  public static List<Scenario> on(String topology) {
    return ALL.stream()
        .filter(scenario -> topology.equals("single") || scenario.redis())
        .filter(scenario -> possible(scenario, topology))
        .toList();
  }

  /** Whether it can happen there at all. */
  public static boolean possible(Scenario scenario, String topology) {
    return topology.equals("cluster") || !scenario.equals(RedisFaults.SLOT_MOVED);
  }

  /** The one of this name. */
  public static Optional<Scenario> named(String name) {
    return Stream.concat(ALL.stream(), Stream.of(STORM, ServerFaults.ROLLING_ONCE))
        .filter(scenario -> scenario.name().equals(name))
        .findFirst();
  }
}
