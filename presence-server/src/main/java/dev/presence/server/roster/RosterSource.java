package dev.presence.server.roster;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where users and contacts are kept: PostgreSQL, or a map in a simulation. The methods block, take
 * many users at once, and throw {@link RuntimeException} when the source cannot be reached.
 */
public interface RosterSource {

  /** Loads users with their contacts. A user who does not exist is missing from the answer. */
  Map<UserId, StoredRoster> rosters(Collection<UserId> users);

  /** Loads users without their contacts. A user who does not exist is missing from the answer. */
  Map<UserId, StoredUser> users(Collection<UserId> users);

  /**
   * Loads users in the order of their names, and of their ids where names are equal; both as bytes
   * of UTF-8 compare.
   *
   * @param afterName those behind this name
   * @param afterId and, of this very name, behind this id
   * @param limit at most this many
   */
  List<ListedUser> directory(String afterName, String afterId, int limit);

  /** An entry of the directory. */
  record ListedUser(UserId user, String name) {}

  /**
   * A user with contacts, as stored.
   *
   * @param wish the user's availability wish
   * @param contacts in the order of their ids, at most 5,000
   */
  record StoredRoster(Wish wish, List<StoredContact> contacts) {}

  /**
   * One contact, as stored.
   *
   * @param user the contact
   * @param name the contact's display name
   * @param mutual whether the contact lists the user too
   */
  record StoredContact(UserId user, String name, boolean mutual) {}

  /**
   * A user, as stored.
   *
   * @param name the display name
   * @param lastSeenMillis Unix milliseconds; 0: never seen
   * @param wish the availability wish
   */
  record StoredUser(String name, long lastSeenMillis, Wish wish) {}
}
