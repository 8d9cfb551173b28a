package dev.presence.server.presence;

import dev.presence.server.model.Presence;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.PresenceQueries.ListedContact;
import dev.presence.server.roster.RosterSource.ListedUser;
import dev.presence.server.roster.Rosters;
import dev.presence.server.roster.Viewer;
import dev.presence.server.roster.Visibility;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The list of all users, for one viewer: first the contacts whom the viewer may see, as they stand,
 * then everybody else by name. Thread-safe, and nothing blocks.
 */
public final class Directory {

  private static final int MAX_READ = 1_000;

  private final Rosters rosters;
  private final PresenceQueries queries;

  /** Lists from these. */
  public Directory(Rosters rosters, PresenceQueries queries) {
    this.rosters = rosters;
    this.queries = queries;
  }

  /** Where a page ended. */
  public sealed interface Place {

    /** Behind this contact, in {@link ListedContact#ORDER}. */
    record Contact(ListedContact last) implements Place {}

    /** Behind this user, by name and then by id. */
    record User(String name, String id) implements Place {}
  }

  /**
   * One page.
   *
   * @param end where it ended; null: nothing comes behind it
   */
  public record Page(List<ListedContact> users, @Nullable Place end) {}

  /**
   * The users behind a place, at most {@code size}. Fails with {@link
   * dev.presence.server.roster.RosterUnavailableException}.
   *
   * @param after null: from the beginning
   */
  public CompletionStage<Page> page(Viewer viewer, @Nullable Place after, int size) {
    if (viewer.seesAll()) {
      // All are visible, and millions cannot be put in the order of contacts for each page.
      Place.User from = after instanceof Place.User user ? user : BEGINNING;
      return others(viewer, Set.of(), from, size, List.of(), size + 1);
    }
    return queries
        .contacts(viewer.user())
        .thenCompose(
            contacts -> {
              Set<UserId> listed = new HashSet<>();
              contacts.forEach(contact -> listed.add(contact.presence().user()));
              return after instanceof Place.User user
                  ? others(viewer, listed, user, size, List.of(), size + 1)
                  : contactsFirst(viewer, contacts, listed, after, size);
            });
  }

  private static final Place.User BEGINNING = new Place.User("", "");

  private CompletionStage<Page> contactsFirst(
      Viewer viewer,
      List<ListedContact> contacts,
      Set<UserId> listed,
      @Nullable Place after,
      int size) {
    int from =
        after instanceof Place.Contact(ListedContact last)
            ? PresenceQueries.behind(last, contacts)
            : 0;
    int to = Math.min(contacts.size(), from + size);
    List<ListedContact> page = contacts.subList(from, to);
    return page.size() == size
        ? CompletableFuture.completedFuture(new Page(page, new Place.Contact(page.getLast())))
        : others(viewer, listed, BEGINNING, size, page, size + 1);
  }

  /**
   * Fills a page with users who are not contacts.
   *
   * @param limit how many to read at once. One more than there is room for tells whether another
   *     page follows; a small page behind many contacts is not to take a question for each of them.
   */
  private CompletionStage<Page> others(
      Viewer viewer,
      Set<UserId> contacts,
      Place.User after,
      int size,
      List<ListedContact> before,
      int limit) {
    return rosters
        .directory(after.name(), after.id(), limit)
        .thenCompose(
            users -> {
              List<ListedUser> fresh =
                  users.stream().filter(user -> !contacts.contains(user.user())).toList();
              int room = size - before.size();
              boolean enough = fresh.size() > room;
              List<ListedUser> taken = enough ? fresh.subList(0, room) : fresh;
              return describe(viewer, taken)
                  .thenCompose(
                      described -> {
                        List<ListedContact> page = new ArrayList<>(before);
                        page.addAll(described);
                        if (enough) {
                          return done(page, place(taken, after));
                        }
                        // What was passed over need not be read again.
                        return users.size() < limit
                            ? done(page, null)
                            : others(
                                viewer, contacts, place(users, after), size, page, more(limit));
                      });
            });
  }

  private static int more(int limit) {
    return Math.max(limit, Math.min(limit * 2, MAX_READ));
  }

  private static CompletionStage<Page> done(List<ListedContact> page, @Nullable Place end) {
    return CompletableFuture.completedFuture(new Page(page, end));
  }

  private static Place.User place(List<ListedUser> users, Place.User otherwise) {
    return users.isEmpty()
        ? otherwise
        : new Place.User(users.getLast().name(), users.getLast().user().value());
  }

  private CompletionStage<List<ListedContact>> describe(Viewer viewer, List<ListedUser> users) {
    List<UserId> visible =
        users.stream()
            .map(ListedUser::user)
            .filter(user -> Visibility.maySee(viewer, user, false))
            .toList();
    return queries
        .known(visible)
        .thenApply(
            known -> {
              List<ListedContact> described = new ArrayList<>();
              for (ListedUser user : users) {
                Presence presence = known.getOrDefault(user.user(), Presence.offline(user.user()));
                described.add(new ListedContact(user.name(), presence));
              }
              return described;
            });
  }
}
