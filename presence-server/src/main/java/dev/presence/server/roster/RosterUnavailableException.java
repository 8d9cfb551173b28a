package dev.presence.server.roster;

/** A roster cannot be had now, and none is remembered. */
public final class RosterUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RosterUnavailableException(Throwable cause) {
    super("the roster cannot be had now", cause);
  }
}
