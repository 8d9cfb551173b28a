package dev.presence.server.session;

/**
 * Tells those who are refused when to come again: one after the other, at the pace at which others
 * are let in now, so that they come as they can be taken and not all at once. Belongs to the lane's
 * loop.
 */
final class RetryTurns {

  /** Nobody is sent to come again sooner: those who wait already go first. */
  static final long SOONEST_MILLIS = 1_000;

  /**
   * Nor later: who is refused at the beginning of its grace period has another try within it. If
   * the turns go further than that, they begin again at the soonest.
   */
  static final long LATEST_MILLIS = 8_000;

  private static final long WINDOW_MILLIS = 1_000;

  /** The pace that is taken for granted, per millisecond, when it has not been measured lately. */
  private static final double SLOWEST = 0.1;

  private long windowStartMillis;
  private int takenInWindow;
  private double perMilli = 1;
  private double nextTurnMillis;

  RetryTurns(long nowMillis) {
    windowStartMillis = nowMillis;
  }

  /** One has been let in. */
  void taken(long nowMillis) {
    measure(nowMillis);
    takenInWindow++;
  }

  /** The turn of one who is refused, in milliseconds from now. */
  long next(long nowMillis) {
    measure(nowMillis);
    double soonest = nowMillis + SOONEST_MILLIS;
    nextTurnMillis = Math.max(nextTurnMillis, soonest) + 1 / perMilli;
    if (nextTurnMillis > nowMillis + LATEST_MILLIS) {
      nextTurnMillis = soonest;
    }
    return Math.round(nextTurnMillis - nowMillis);
  }

  private void measure(long nowMillis) {
    long elapsed = nowMillis - windowStartMillis;
    if (elapsed >= WINDOW_MILLIS) {
      perMilli = Math.max(SLOWEST, (double) takenInWindow / elapsed);
      windowStartMillis = nowMillis;
      takenInWindow = 0;
    }
  }
}
