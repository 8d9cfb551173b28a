package dev.presence.server.model;

/**
 * A user's wish to be shown in some way, and when it was made. Each session record carries the
 * newest one its owner knows.
 *
 * @param availability the wish
 * @param atMillis Unix milliseconds of the shared clock; 0: never made
 */
public record Wish(Availability availability, long atMillis) {

  /** What holds until a user says otherwise. */
  public static final Wish NONE = new Wish(Availability.AVAILABLE, 0);

  /**
   * The newer of the two; of two made in one millisecond the one for BUSY, so that all servers
   * choose the same.
   */
  public static Wish newer(Wish a, Wish b) {
    if (a.atMillis != b.atMillis) {
      return a.atMillis > b.atMillis ? a : b;
    }
    return a.availability == Availability.BUSY ? a : b;
  }
}
