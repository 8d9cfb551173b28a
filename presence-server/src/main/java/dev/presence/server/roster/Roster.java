package dev.presence.server.roster;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.Map;

/**
 * Whom a user may see, and what the user wishes. Immutable.
 *
 * @param wish the user's stored wish
 * @param contacts the display names of the visible contacts, in the order of their ids
 */
public record Roster(Wish wish, Map<UserId, String> contacts) {

  /** Whether the user may see this one. */
  public boolean sees(UserId user) {
    return contacts.containsKey(user);
  }
}
