package dev.presence.server.roster;

import dev.presence.server.model.UserId;

/**
 * Who asks.
 *
 * @param user the caller
 * @param seesAll a service that may see every user
 */
public record Viewer(UserId user, boolean seesAll) {}
