package dev.presence.lab.chaos.oracle;

/**
 * Something that was not as it must be.
 *
 * @param kind what is wrong
 * @param user whose presence, session or app it is
 * @param atMicros when
 * @param detail more, for people
 */
public record Finding(Kind kind, String user, long atMicros, String detail) {

  /** What can be wrong. */
  public enum Kind {
    /** An app was told that somebody is offline who was not. */
    FALSE_OFFLINE("false offline"),
    /** An app was told something else that was not so. */
    FALSE_EVENT("false event"),
    /** An app showed something wrong after all had to be right. */
    WRONG_VIEW("wrong view"),
    /** An app was told a wrong last seen. */
    WRONG_LAST_SEEN("wrong last seen"),
    /** A client was away for longer than its grace period, through no fault of its own. */
    LATE_RETURN("late return"),
    /** An app was told of somebody who is no contact of its user. */
    LEAK("leak"),
    /** The library gave up. */
    APP_ERROR("error in an app"),
    /** A session has no row in the history. */
    MISSING_ROW("missing row"),
    /** A row belongs to no session that a client knows of. */
    EXTRA_ROW("extra row"),
    /** A row says something else than the client. */
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
