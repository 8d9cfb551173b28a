package dev.presence.server.model;

import java.time.Duration;

/**
 * The periods by which sessions and nodes live.
 *
 * @param heartbeatInterval how often a client gives a sign of life
 * @param heartbeatTimeout silence after which the path to a client is taken for dead
 * @param hiddenTimeout the same for a page that cannot be seen
 * @param gracePeriod how long a session without a stream still counts
 * @param leasePeriod for how long a renewal entitles a node to have its sessions counted
 * @param renewInterval how often a node renews its lease
 * @param handover how long the sessions of a node whose lease is over still count
 * @param tombstonePeriod how long a closed session is remembered
 * @param helloTimeout how long an Open waits to be known to the fleet
 * @param streamLife how long a stream lives before its client is asked for a new one, give or take
 *     a fifth
 */
public record Timings(
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration hiddenTimeout,
    Duration gracePeriod,
    Duration leasePeriod,
    Duration renewInterval,
    Duration handover,
    Duration tombstonePeriod,
    Duration helloTimeout,
    Duration streamLife) {

  /** How long a client waits for the answer to a heartbeat; part of the protocol. */
  public static final long REPLY_TIMEOUT_MILLIS = 4_000;

  /** The periods of production. */
  public static final Timings DEFAULT =
      new Timings(
          Duration.ofSeconds(8),
          Duration.ofSeconds(20),
          Duration.ofSeconds(75),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(2_500),
          Duration.ofMinutes(60));
}
