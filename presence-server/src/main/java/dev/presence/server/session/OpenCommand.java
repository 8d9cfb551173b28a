package dev.presence.server.session;

import dev.presence.server.model.Activity;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A client asks for a session.
 *
 * @param user the caller
 * @param resume the session to carry on, null for a new one
 * @param attempt how many times Open has been sent for it, 1 or more
 * @param device the kind of device
 * @param activity whether somebody is at it
 * @param entry the way in
 */
public record OpenCommand(
    UserId user,
    @Nullable SessionId resume,
    int attempt,
    String device,
    Activity activity,
    Entry entry) {

  /** How a client comes in, and thus how it gives signs of life. */
  public enum Entry {
    /** By a stream in both directions: it sends heartbeats on its own. */
    APP,
    /** A page, by a stream down and calls up: it is pinged, and answers. */
    PAGE,
    /** A page that cannot be seen now: AWAY, and given more time to answer. */
    HIDDEN_PAGE
  }
}
