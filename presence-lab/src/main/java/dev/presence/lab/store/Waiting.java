package dev.presence.lab.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a child to be there. */
public final class Waiting {

  private static final long POLL_NANOS = 20_000_000;

  private Waiting() {}

  /**
   * Waits until {@code there} holds.
   *
   * @param what is waited for, for the message
   * @param alive whether it still makes sense to wait
   * @throws IllegalStateException if it does not come in time, or makes no sense any more
   */
  public static void until(
      String what, Duration timeout, BooleanSupplier alive, BooleanSupplier there) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!there.getAsBoolean()) {
      if (!alive.getAsBoolean()) {
        throw new IllegalStateException("died while waiting for " + what);
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("waited " + timeout.toSeconds() + " s in vain for " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
