package dev.presence.lab.chaos.oracle;

/** What a client writes down. */
public enum Deed {
  /** It sent Open. */
  OPENED,
  /** It sent something else. */
  SENT,
  /** Hello came: from here on it is connected. */
  GREETED,
  /** Its stream ended, and it had no hand in that. */
  LOST,
  /** Its stream ended after its line was cut. */
  ENDED,
  /** Its line was cut, and will be mended. */
  CUT,
  /** Nothing gets through its line for a while. */
  STALLED,
  /** Its line is whole again. */
  MENDED,
  /** Its line was cut for ever. */
  VANISHED,
  /** Its user signed out. */
  SIGNED_OUT,
  /** No server confirmed that: nobody knows whether one has heard it. */
  UNCONFIRMED,
  /** The library gave up: an error for the app. */
  GIVEN_UP,
  /** The app was told of a contact. */
  TOLD,
  /** The app was told of somebody who is no contact of its user. */
  TOLD_OF_STRANGER;

  /** Whether the crowd did it on purpose. */
  boolean planned() {
    return this == CUT || this == VANISHED || this == SIGNED_OUT || this == UNCONFIRMED;
  }

  /** Whether the session ends with it. */
  boolean forGood() {
    return this == VANISHED || this == SIGNED_OUT || this == UNCONFIRMED;
  }
}
