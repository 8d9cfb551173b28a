package dev.presence.server.session;

import dev.presence.server.loop.EventLoop;

/**
 * Notices that this server itself stood still (stopped, or starved): what the clients sent
 * meanwhile waits in the sockets, so deadlines are pushed by the gap. Belongs to the lane's loop.
 */
final class PauseWatch {

  private static final long TICK_MILLIS = 250;
  private static final long PAUSE_MILLIS = 1_000;

  private final EventLoop loop;
  private long lastTick;
  private long pausedAt = Long.MIN_VALUE;
  private long pauseMillis;

  PauseWatch(EventLoop loop) {
    this.loop = loop;
    lastTick = loop.nowMillis();
    loop.schedule(TICK_MILLIS, this::tick);
  }

  private void tick() {
    notice();
    loop.schedule(TICK_MILLIS, this::tick);
  }

  private void notice() {
    long now = loop.nowMillis();
    long gap = now - lastTick;
    if (gap > TICK_MILLIS + PAUSE_MILLIS) {
      pausedAt = lastTick;
      pauseMillis = gap;
    }
    lastTick = now;
  }

  /** A moment from which a period runs, pushed by the last pause if it came before that. */
  long pushed(long sinceMillis) {
    notice();
    return sinceMillis <= pausedAt + pauseMillis && pauseMillis > 0
        ? sinceMillis + pauseMillis
        : sinceMillis;
  }
}
