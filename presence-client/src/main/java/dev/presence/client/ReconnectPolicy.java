package dev.presence.client;

import java.util.random.RandomGenerator;

/**
 * When to try again. An episode begins with a loss: the first try comes after 0–1 s, at random so
 * that the users of a lost server do not all come at once; further tries at most 2 s apart, so that
 * some of them fall into the grace period; 10 s after the loss it is missed anyway, and full jitter
 * up to 30 s spares the servers. A stream that lived for 10 s ends the episode; one that died
 * younger does not, so that a server that takes and drops its clients is not besieged by them.
 */
final class ReconnectPolicy {
  static final long FIRST_TRY_MILLIS = 1_000;
  static final long CLOSE_TRIES_MILLIS = 2_000;
  static final long SHORTEST_GAP_MILLIS = 500;
  static final long HURRY_MILLIS = 10_000;
  static final long LIVED_MILLIS = 10_000;
  static final long FIRST_CEILING_MILLIS = 4_000;
  static final long LAST_CEILING_MILLIS = 30_000;

  private static final long NONE = Long.MIN_VALUE;

  private final RandomGenerator random;
  private long episodeMillis = NONE;
  private boolean firstConnect;
  private long lastTryMillis;
  private long ceilingMillis = FIRST_CEILING_MILLIS;

  ReconnectPolicy(RandomGenerator random) {
    this.random = random;
  }

  /** The app wants to be connected for the first time; its first try goes out at once. */
  void connecting(long nowMillis) {
    begin(nowMillis);
    firstConnect = true;
  }

  private void begin(long nowMillis) {
    episodeMillis = nowMillis;
    ceilingMillis = FIRST_CEILING_MILLIS;
  }

  /** A try goes out. */
  void trying(long nowMillis) {
    lastTryMillis = nowMillis;
  }

  /**
   * A try was answered by hello. The first one of all ends its episode: nothing was lost before.
   */
  void answered() {
    if (firstConnect) {
      firstConnect = false;
      episodeMillis = NONE;
    }
  }

  /** How long to wait after a stream was lost that had been live for so long. */
  long afterLoss(long nowMillis, long livedMillis) {
    if (episodeMillis == NONE || livedMillis >= LIVED_MILLIS) {
      begin(nowMillis);
      return upTo(FIRST_TRY_MILLIS);
    }
    return hurry(nowMillis) ? upTo(CLOSE_TRIES_MILLIS) : fullJitter();
  }

  /** How long to wait after a try that was not answered by hello. */
  long afterFailure(long nowMillis) {
    if (episodeMillis == NONE) {
      begin(nowMillis);
    }
    if (!hurry(nowMillis)) {
      return fullJitter();
    }
    long gapMillis = SHORTEST_GAP_MILLIS + upTo(CLOSE_TRIES_MILLIS - SHORTEST_GAP_MILLIS);
    return Math.max(0, lastTryMillis + gapMillis - nowMillis);
  }

  private boolean hurry(long nowMillis) {
    return nowMillis - episodeMillis < HURRY_MILLIS;
  }

  private long fullJitter() {
    long delayMillis = upTo(ceilingMillis);
    ceilingMillis = Math.min(LAST_CEILING_MILLIS, 2 * ceilingMillis);
    return delayMillis;
  }

  private long upTo(long limitMillis) {
    return random.nextLong(limitMillis + 1);
  }
}
