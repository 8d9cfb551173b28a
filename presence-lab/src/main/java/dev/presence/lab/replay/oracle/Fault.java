package dev.presence.lab.replay.oracle;

/**
 * Something that was not as it must be.
 *
 * @param kind what is wrong
 * @param user whose presence or row it is
 * @param sessionId the session: of the watcher who saw it, or of the row
 * @param atWallMillis when
 * @param detail more, for people
 */
public record Fault(Kind kind, String user, String sessionId, long atWallMillis, String detail) {

  /** What can be wrong. */
  public enum Kind {
    /** A change did not reach a watcher in time. */
    MISSING_UPDATE("missing update"),
    /** A watcher was told that a user is offline who was not. */
    FALSE_OFFLINE("false offline"),
    /** At a checkpoint a client showed something else than the truth. */
    WRONG_VIEW("wrong view"),
    /** A session has no row in the history. */
    MISSING_ROW("missing row"),
    /** A row belongs to no session that was told hello. */
    EXTRA_ROW("extra row"),
    /** A row says something else than the truth. */
    DIFFERING_ROW("differing row");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people, in singular. */
    public String words() {
      return words;
    }
  }
}
