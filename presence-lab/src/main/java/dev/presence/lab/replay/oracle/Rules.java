package dev.presence.lab.replay.oracle;

/** What is promised, and how exactly it is checked. */
final class Rules {

  /** A session whose path was cut still counts for so long. */
  static final long GRACE_MICROS = 10_000_000;

  /** A merged change that lasts at least so long must reach every watcher. */
  static final long LASTING_MICROS = 1_000_000;

  /** Within this time. */
  static final long DELIVERY_MICROS = 2_000_000;

  /** Nobody may be shown offline who had a live session for so long. */
  static final long LIVE_BEFORE_MICROS = 1_000_000;

  /** Times in views and rows are right when they differ by at most this. */
  static final long TOLERANCE_MILLIS = 1_000;

  /**
   * A message that was sent so shortly before its path was cut may have been lost with it: then the
   * one before was the last sign of life.
   */
  static final long MAY_BE_LOST_MICROS = 300_000;

  /**
   * Two wishes of one user that were sent this close together may have arrived in either order,
   * since they went to different servers.
   */
  static final long WISH_ORDER_MICROS = 500_000;

  private Rules() {}
}
