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
  private long pausedAt;
  private long pauseMillis;

  PauseWatch(EventLoop loop) {
    this.loop = loop;
    lastTick = loop.nowMillis();
    pausedAt = lastTick;
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

  /**
   * A moment from which a period runs, pushed by what the last pause took of that period: by all of
   * it if the period began before, by nothing if what begins it was read just after.
   */
  long pushed(long sinceMillis) {
    notice();
    return sinceMillis + Math.max(0, pausedAt + pauseMillis - Math.max(sinceMillis, pausedAt));
  }
}
