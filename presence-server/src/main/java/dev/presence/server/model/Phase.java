package dev.presence.server.model;

/** Where a session is in its life. */
public enum Phase {
  /** A stream carries it. */
  CONNECTED,
  /** Its stream is gone, the grace period runs; it still counts. */
  SUSPENDED,
  /** It has ended; kept for a while as a tombstone, so that no late message brings it back. */
  CLOSED
}
