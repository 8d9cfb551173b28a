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
 */
public record OpenCommand(
    UserId user, @Nullable SessionId resume, int attempt, String device, Activity activity) {}
