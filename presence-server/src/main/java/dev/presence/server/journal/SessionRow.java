package dev.presence.server.journal;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import org.jspecify.annotations.Nullable;

/**
 * One row of the history: a session as its owner knows it.
 *
 * @param session the session; its id tells when it was opened
 * @param user whose it is
 * @param device the kind of device
 * @param attempt the number of its newest stream
 * @param nodeEpoch the owner's epoch
 * @param lastSignOfLifeMillis Unix milliseconds of the shared clock
 * @param closedAtMillis Unix milliseconds of the shared clock; 0 while open
 * @param closeReason set when closed
 */
public record SessionRow(
    SessionId session,
    UserId user,
    String device,
    int attempt,
    long nodeEpoch,
    long lastSignOfLifeMillis,
    long closedAtMillis,
    @Nullable CloseReason closeReason) {

  /** The same, with a sign of life at that time too. */
  SessionRow heard(long millis) {
    long last = Math.max(millis, lastSignOfLifeMillis);
    return new SessionRow(
        session, user, device, attempt, nodeEpoch, last, closedAtMillis, closeReason);
  }

  /** The same, closed for this reason at {@code nowMillis}, or later if it was heard later. */
  SessionRow closed(CloseReason reason, long nowMillis) {
    return new SessionRow(
        session,
        user,
        device,
        attempt,
        nodeEpoch,
        lastSignOfLifeMillis,
        Math.max(nowMillis, lastSignOfLifeMillis),
        reason);
  }

  /** Whether the session has ended. */
  public boolean closed() {
    return closeReason != null;
  }

  /** Whether it has ended only because its node was lost: any other end outranks that. */
  public boolean lost() {
    return closeReason == CloseReason.NODE_LOST;
  }
}
