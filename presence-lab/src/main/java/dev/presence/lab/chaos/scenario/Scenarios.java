package dev.presence.lab.chaos.scenario;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All scenarios, in the order in which they are played. */
public final class Scenarios {

  /** Those of the short form, which all tests include. */
  public static final List<Scenario> SHORT =
      List.of(
          ServerFaults.KILLED,
          ServerFaults.ROLLING_ONCE,
          RedisFaults.EMPTIED,
          RedisFaults.CUT_BRIEFLY);

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

  /** The one that has a stage of its own, with so many clients. */
  public static final Scenario STORM = StormFault.STORM;

  /** How many clients it has. */
  public static final int STORM_CLIENTS = 2_000;

  private Scenarios() {}

  /** Those that can be played on a topology: where it is not a single Redis, those about Redis. */
  public static List<Scenario> on(String topology) {
    return ALL.stream()
        .filter(scenario -> topology.equals("single") || scenario.redis())
        .filter(scenario -> topology.equals("cluster") || !scenario.equals(RedisFaults.SLOT_MOVED))
        .toList();
  }

  /** The one of this name. */
  public static Optional<Scenario> named(String name) {
    return Stream.concat(ALL.stream(), Stream.of(STORM, ServerFaults.ROLLING_ONCE))
        .filter(scenario -> scenario.name().equals(name))
        .findFirst();
  }
}
