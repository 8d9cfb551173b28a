package dev.presence.server.journal;

/** How long to wait before the next try: 0.5 s, 1 s, and 2 s from then on. */
final class Backoff {

  private static final long FIRST_MILLIS = 500;
  private static final long MAX_MILLIS = 2_000;

  private long nextMillis = FIRST_MILLIS;

  long nextMillis() {
    long now = nextMillis;
    nextMillis = Math.min(MAX_MILLIS, 2 * nextMillis);
    return now;
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
