package dev.presence.server.model;

import org.jspecify.annotations.Nullable;

/**
 * One session as its owner publishes it.
 *
 * @param id the session
 * @param user whose session it is
 * @param device the kind of device
 * @param attempt the number of the session's newest stream; the highest counts, whoever owns it
 * @param phase where the session is in its life
 * @param activity whether somebody is at the device
 * @param wish the user's newest wish known to the owner
 * @param lastSignOfLifeMillis Unix milliseconds of the shared clock; exact unless CONNECTED
 * @param closeReason set when CLOSED
 */
public record SessionRecord(
    SessionId id,
    UserId user,
    String device,
    int attempt,
    Phase phase,
    Activity activity,
    Wish wish,
    long lastSignOfLifeMillis,
    @Nullable CloseReason closeReason) {

  /** What the session is known by. */
  public SessionKey key() {
    return new SessionKey(id, user);
  }

  /** The same session with another wish of its user. */
  public SessionRecord withWish(Wish newWish) {
    return new SessionRecord(
        id, user, device, attempt, phase, activity, newWish, lastSignOfLifeMillis, closeReason);
  }

  /** The tombstone of this session. */
  public SessionRecord closed(CloseReason reason, long lastSignMillis) {
    return new SessionRecord(
        id, user, device, attempt, Phase.CLOSED, activity, wish, lastSignMillis, reason);
  }
}
