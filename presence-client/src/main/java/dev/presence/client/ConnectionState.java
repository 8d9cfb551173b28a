package dev.presence.client;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a session stands.
 *
 * @param phase the phase
 * @param reason why the session is given up; exactly in phase {@link Phase#OFFLINE}
 * @param detail for people and logs: what happened last; may be empty, and its text may change
 */
public record ConnectionState(Phase phase, Optional<OfflineReason> reason, String detail) {

  /** The phases. */
  public enum Phase {
    /**
     * On the way to a server, for the first time or again. What was known of the contacts may be
     * out of date. Others notice nothing for the length of the grace period.
     */
    CONNECTING,
    /** Connected; changes arrive as they happen. */
    LIVE,
    /**
     * Connected, but the server is out of touch with the other servers: what it says may be old.
     */
    STALE,
    /**
     * Given up, and final: the library tries no more. {@link ConnectionState#reason()} says why.
     */
    OFFLINE
  }

  /** Checks that a reason is there if, and only if, it should be. */
  public ConnectionState {
    requireNonNull(phase, "phase");
    requireNonNull(detail, "detail");
    if (reason.isPresent() != (phase == Phase.OFFLINE)) {
      throw new IllegalArgumentException(
          "a reason goes with OFFLINE, found " + phase + " " + reason);
    }
  }

  static ConnectionState of(Phase phase, String detail) {
    return new ConnectionState(phase, Optional.empty(), detail);
  }

  static ConnectionState offline(OfflineReason reason, String detail) {
    return new ConnectionState(Phase.OFFLINE, Optional.of(reason), detail);
  }

  /** Whether a stream to a server is up: live or stale. */
  public boolean isConnected() {
    return phase == Phase.LIVE || phase == Phase.STALE;
  }

  /** Such as {@code LIVE} or {@code OFFLINE(SIGNED_OUT)}. */
  @Override
  public String toString() {
    return reason.map(why -> phase + "(" + why + ")").orElse(phase.toString());
  }
}
