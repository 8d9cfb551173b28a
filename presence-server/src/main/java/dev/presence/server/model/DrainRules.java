package dev.presence.server.model;

import java.time.Duration;

/**
 * How a server is emptied.
 *
 * @param notice for how long it says that it does not serve before it asks clients to move, so that
 *     whoever sends clients here has noticed
 * @param pace how many clients are asked to move in a second, 1 or more; more where {@code timeout}
 *     leaves no time for that
 * @param timeout from the order to the end of the process, all in all
 */
public record DrainRules(Duration notice, int pace, Duration timeout) {

  /** What is kept of the time for the last word to the store and for the history. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** The rules of production. */
  public static final DrainRules DEFAULT =
      new DrainRules(Duration.ofSeconds(2), 500, Duration.ofSeconds(30));

  /** By when all streams have ended, counted from the order. */
  public Duration streamsEndWithin() {
    Duration half = timeout.dividedBy(2);
    return timeout.minus(half.compareTo(LAST_WORDS) < 0 ? half : LAST_WORDS);
  }
}
