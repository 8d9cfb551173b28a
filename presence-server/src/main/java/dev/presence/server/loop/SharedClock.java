package dev.presence.server.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The time that others see: the store's clock, as this server knows it between two answers. It
 * never goes back. Thread-safe.
 *
 * <p>Last seen and {@code server_time} come from here, never from a server's wall clock, so that
 * all servers agree.
 */
public final class SharedClock {

  private final EventLoop loop;
  private final AtomicLong newest = new AtomicLong();
  private volatile long offsetMillis;
  private volatile boolean set;

  /** A clock that stands at the monotonic clock of {@code loop} until the first {@link #set}. */
  public SharedClock(EventLoop loop) {
    this.loop = loop;
  }

  /** Takes over the store's time, Unix milliseconds, as of now. */
  public void set(long nowMillis) {
    offsetMillis = nowMillis - loop.nowMillis();
    set = true;
  }

  /** Whether the store has told its time: until then none of its times compares with this clock. */
  public boolean isSet() {
    return set;
  }

  /** The shared time now, in Unix milliseconds. */
  public long nowMillis() {
    long now = loop.nowMillis() + offsetMillis;
    return newest.accumulateAndGet(now, Math::max);
  }

  /** The shared time at a moment of the monotonic clock. */
  public long at(long monotonicMillis) {
    return monotonicMillis + offsetMillis;
  }
}
