package dev.presence.server.roster;

import org.jspecify.annotations.Nullable;

/** A roster cannot be had now, and none is remembered. */
public final class RosterUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RosterUnavailableException(@Nullable Throwable cause) {
    super("the roster cannot be had now", cause);
  }
}
