package dev.presence.server.model;

/**
 * What may be seen of one user.
 *
 * @param user the presentity
 * @param state the state
 * @param lastSeenMillis the last sign of life, Unix milliseconds of the shared clock; 0 while not
 *     offline, if never seen, or if not shown
 */
public record Presence(UserId user, PresenceState state, long lastSeenMillis) {

  /**
   * A user who is offline and shows no last seen: also what is said of one whom the caller may not
   * see.
   */
  public static Presence offline(UserId user) {
    return new Presence(user, PresenceState.OFFLINE, 0);
  }
}
