package dev.presence.lab.clients;

/**
 * The clocks of a run. All that lasts is measured on the monotonic one, which is zero when the run
 * begins; times of day are read from the wall clock when something happens, as the servers do.
 */
public final class RunClock {

  private final long originNanos = System.nanoTime();
  private final long originWallMillis = System.currentTimeMillis();

  /** Microseconds since the run began. */
  public long micros() {
    return (System.nanoTime() - originNanos) / 1_000;
  }

  /** Unix time. */
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  /** Unix time when the run began. */
  public long originWallMillis() {
    return originWallMillis;
  }
}
