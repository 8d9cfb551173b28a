package dev.presence.server.journal;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;

/**
 * A user's wish to be kept.
 *
 * @param user whose it is
 * @param wish the wish
 */
public record WishRow(UserId user, Wish wish) {}
