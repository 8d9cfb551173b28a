package dev.presence.lab.replay.stage;

/**
 * How many sessions may be opening at once: few at first and when answers are slow, more when they
 * come quickly, as TCP paces itself. So a machine that is busy with something else slows the
 * schedule down, and is not flooded. Thread-safe.
 */
final class Pacer {

  private static final int MIN = 1;
  private static final int START = 2;
  private static final int MAX = 32;

  /** Quicker than this: one more for each window of answers. */
  private static final long QUICK_MICROS = 100_000;

  /** Slower than this: half as many, but once in that time only. */
  private static final long SLOW_MICROS = 250_000;

  private double window = START;
  private int opening;
  private long halvedMicros = -SLOW_MICROS;

  /** Whether one more may open; then it counts as opening. */
  synchronized boolean mayOpen() {
    if (opening >= (int) window) {
      return false;
    }
    opening++;
    return true;
  }

  /** One that was opening is done with it. */
  synchronized void opened(long nowMicros, long tookMicros) {
    opening--;
    if (tookMicros < QUICK_MICROS) {
      window = Math.min(MAX, window + 1 / window);
    } else if (tookMicros > SLOW_MICROS && nowMicros - halvedMicros >= SLOW_MICROS) {
      window = Math.max(MIN, window / 2);
      halvedMicros = nowMicros;
    }
  }

  /** How many are opening. */
  synchronized int opening() {
    return opening;
  }
}
