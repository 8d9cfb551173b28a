package dev.presence.server.session;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;

/** Where a user's wish is kept beyond the session. */
@FunctionalInterface
public interface WishLog {

  /** Keeps a wish. Does not block, and does not fail. */
  void keep(UserId user, Wish wish);
}
