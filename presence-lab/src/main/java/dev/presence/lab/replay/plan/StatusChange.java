package dev.presence.lab.replay.plan;

/**
 * A change of status that a client sends.
 *
 * @param afterMillis how long after hello
 * @param status what is sent
 */
public record StatusChange(int afterMillis, Status status) {

  /** What a client can say. */
  public enum Status {
    /** Nobody is at this device: holds for the session. */
    AWAY,
    /** Somebody is at this device again: holds for the session. */
    ACTIVE,
    /** The user wishes to be shown as busy: holds for the user until changed, across sessions. */
    BUSY,
    /** The user no longer wishes so. */
    AVAILABLE
  }
}
