package dev.presence.client;

import java.util.random.RandomGenerator;

/**
 * When to try again. A loss begins a hurry, as it begins a grace period: the first try comes after
 * 0–1 s, at random so that the users of a lost server do not all come at once; further tries at
 * most 2 s apart, so that some of them fall into the grace period; 10 s after the loss it is missed
 * anyway, and full jitter up to 30 s spares the servers.
 *
 * <p>A server that takes its clients and drops them again must not be besieged by them: once five
 * streams in a row have died before they were 3 s old, the next loss is in no hurry. One that lived
 * so long, lost or left, makes all good. A network that drops connections every now and then lets
 * most of them live longer.
 */
final class ReconnectPolicy {
  static final long FIRST_TRY_MILLIS = 1_000;
  static final long CLOSE_TRIES_MILLIS = 2_000;
  static final long SHORTEST_GAP_MILLIS = 500;
  static final long HURRY_MILLIS = 10_000;
  static final long LIVED_MILLIS = 3_000;

  /** A rolling restart of as many servers and one may hit the same client each time. */
  static final int YOUNG_LOSSES = 5;

  static final long FIRST_CEILING_MILLIS = 4_000;
  static final long LAST_CEILING_MILLIS = 30_000;

  private static final long NONE = Long.MIN_VALUE;

  private final RandomGenerator random;
  private long hurryEndsMillis = NONE;
  private int youngLosses;
  private long lastTryMillis;
  private long ceilingMillis = FIRST_CEILING_MILLIS;

  ReconnectPolicy(RandomGenerator random) {
    this.random = random;
  }

  /** The app wants to be connected for the first time; its first try goes out at once. */
  void connecting(long nowMillis) {
    hurry(nowMillis);
  }

  /** A try goes out. */
  void trying(long nowMillis) {
    lastTryMillis = nowMillis;
  }

  /** A try was answered by hello: a failure after this one belongs to a new story. */
  void answered() {
    hurryEndsMillis = NONE;
  }

  /** A stream that was greeted is over, lost or left; it had been live for so long. */
  void over(long livedMillis) {
    if (livedMillis >= LIVED_MILLIS) {
      youngLosses = 0;
    }
  }

  /** How long to wait after a stream was lost that had been live for so long. */
  long afterLoss(long nowMillis, long livedMillis) {
    youngLosses = livedMillis >= LIVED_MILLIS ? 0 : youngLosses + 1;
    if (youngLosses > YOUNG_LOSSES) {
      hurryEndsMillis = nowMillis;
      return fullJitter();
    }
    hurry(nowMillis);
    return upTo(FIRST_TRY_MILLIS);
  }

  /** How long to wait after a try that was not answered by hello. */
  long afterFailure(long nowMillis) {
    if (hurryEndsMillis == NONE) {
      hurry(nowMillis);
    } else if (nowMillis >= hurryEndsMillis) {
      return fullJitter();
    }
    long gapMillis = SHORTEST_GAP_MILLIS + upTo(CLOSE_TRIES_MILLIS - SHORTEST_GAP_MILLIS);
    return Math.max(0, lastTryMillis + gapMillis - nowMillis);
  }

  private void hurry(long nowMillis) {
    hurryEndsMillis = nowMillis + HURRY_MILLIS;
    ceilingMillis = FIRST_CEILING_MILLIS;
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
