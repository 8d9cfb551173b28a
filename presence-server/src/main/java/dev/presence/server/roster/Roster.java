package dev.presence.server.roster;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource.StoredContact;
import dev.presence.server.roster.RosterSource.StoredRoster;
import java.util.Arrays;
import java.util.List;

/**
 * One user's wish, and the contacts whom the user may see, with their names. Immutable.
 *
 * <p>Two arrays and nothing more for each contact: many of these are cached.
 */
public final class Roster {

  /** The roster of a user who does not exist. */
  public static final Roster EMPTY = new Roster(Wish.NONE, new UserId[0], new String[0]);

  private final Wish wish;
  private final UserId[] contacts;
  private final String[] names;

  private Roster(Wish wish, UserId[] contacts, String[] names) {
    this.wish = wish;
    this.contacts = contacts;
    this.names = names;
  }

  /** What {@code owner} may see of what is stored. */
  static Roster of(UserId owner, StoredRoster stored) {
    Viewer viewer = new Viewer(owner, false);
    List<StoredContact> visible =
        stored.contacts().stream()
            .filter(contact -> Visibility.maySee(viewer, contact.user(), contact.mutual()))
            .sorted((a, b) -> a.user().compareTo(b.user()))
            .toList();
    return new Roster(
        stored.wish(),
        visible.stream().map(StoredContact::user).toArray(UserId[]::new),
        visible.stream().map(StoredContact::name).toArray(String[]::new));
  }

  /**
   * The user's availability wish, as stored when the roster was loaded; see {@link Rosters#wish}.
   */
  public Wish wish() {
    return wish;
  }

  /** How many contacts the user may see. */
  public int size() {
    return contacts.length;
  }

  /** The visible contacts, in the order of their ids. */
  public List<UserId> contacts() {
    return List.of(contacts);
  }

  /** A visible contact, 0 to {@link #size()} - 1, in the order of their ids. */
  public UserId contact(int index) {
    return contacts[index];
  }

  /** The display name of a visible contact, 0 to {@link #size()} - 1. */
  public String name(int index) {
    return names[index];
  }

  /** Whether {@code user} is a visible contact. */
  public boolean sees(UserId user) {
    return Arrays.binarySearch(contacts, user) >= 0;
  }
}
