package dev.presence.lab.tcp;

import java.util.concurrent.atomic.AtomicLong;

/** Whether messages of topics are swallowed, and how many were. Thread-safe. */
public final class Hush {

  private final AtomicLong swallowed = new AtomicLong();
  private volatile boolean silent;

  /** From now on they are, or are not. */
  public void silent(boolean now) {
    silent = now;
  }

  /** How many were, so far. */
  public long swallowed() {
    return swallowed.get();
  }

  /** Whether this message is to be swallowed; if so it counts. */
  boolean swallow() {
    if (silent) {
      swallowed.incrementAndGet();
    }
    return silent;
  }
}
