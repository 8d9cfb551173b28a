package dev.presence.server.model;

/**
 * Why a stream or a session ended. The names are stored in PostgreSQL, and the numbers are those of
 * the public enum.
 */
public enum CloseReason {
  /** The user left. */
  SIGNED_OUT(1),
  /** A newer attempt took over. */
  REPLACED(2),
  /** The server goes down. */
  DRAINING(3),
  /** The client did not read for too long. */
  SLOW_CONSUMER(4),
  /** No message arrived within the heartbeat timeout. */
  HEARTBEAT_TIMEOUT(5),
  /** The stream ended without a word. */
  CONNECTION_LOST(6),
  /** The session's server was lost. */
  NODE_LOST(7),
  /** The token is not accepted. */
  UNAUTHENTICATED(8),
  /** The client broke the protocol. */
  PROTOCOL_ERROR(9),
  /** The session could not be made known to the other servers. */
  UNAVAILABLE(10);

  private final int number;

  CloseReason(int number) {
    this.number = number;
  }

  /** The number in {@code presence.v1.CloseReason}. */
  public int number() {
    return number;
  }

  /** The reason with this number; one that a newer server made up reads as a lost connection. */
  public static CloseReason of(int number) {
    for (CloseReason reason : values()) {
      if (reason.number == number) {
        return reason;
      }
    }
    return CONNECTION_LOST;
  }
}
