package dev.presence.server.roster;

import dev.presence.server.model.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Rosters as they are needed: many users per query, remembered for a while. Outline; the room's
 * owner fills it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Rosters {

  /** A user's roster; a user who does not exist has an empty one. */
  public CompletableFuture<Roster> roster(UserId user) {
    throw new UnsupportedOperationException(user.value());
  }

  /** Users as stored, without their contacts; one who does not exist is missing. */
  public CompletableFuture<Map<UserId, RosterSource.StoredUser>> users(Collection<UserId> users) {
    throw new UnsupportedOperationException(users.toString());
  }
}
