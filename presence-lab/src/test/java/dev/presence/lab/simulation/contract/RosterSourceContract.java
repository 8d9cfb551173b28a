package dev.presence.lab.simulation.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.journal.JournalSink;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;
import dev.presence.server.roster.RosterSource.ListedUser;
import dev.presence.server.roster.RosterSource.StoredContact;
import dev.presence.server.roster.RosterSource.StoredRoster;
import dev.presence.server.roster.RosterSource.StoredUser;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a source of rosters promises, whoever keeps them. */
abstract class RosterSourceContract {

  private static final long NOW = 1_767_323_045_678L;

  /** The source, with nobody in it at the beginning of each test. */
  abstract RosterSource source();

  /** The history in the same store. */
  abstract JournalSink sink();

  abstract void addUser(UserId user, String name);

  abstract void addContact(UserId owner, UserId contact);

  abstract void removeContact(UserId owner, UserId contact);

  abstract void wish(UserId user, Wish wish);

  @Test
  void shouldTellWhoListsTheUserToo() {
    addUsers("alice", "bob", "carol");
    list("alice", "bob");
    list("bob", "alice");
    list("alice", "carol");

    assertThat(source().rosters(users("carol", "alice")))
        .containsExactly(
            Map.entry(
                user("alice"),
                new StoredRoster(
                    Wish.NONE, List.of(contact("bob", true), contact("carol", false)))),
            Map.entry(user("carol"), new StoredRoster(Wish.NONE, List.of())));
  }

  @Test
  void shouldTellWhoWasStruckOffAtOnce() {
    addUsers("alice", "bob");
    list("alice", "bob");
    list("bob", "alice");

    removeContact(user("alice"), user("bob"));

    assertThat(roster("alice").contacts()).isEmpty();
    assertThat(roster("bob").contacts()).containsExactly(contact("alice", false));
  }

  @Test
  void shouldLeaveOutWhoDoesNotExist() {
    addUsers("alice");

    assertThat(source().rosters(users("nobody", "alice"))).containsOnlyKeys(user("alice"));
    assertThat(source().users(users("nobody", "alice"))).containsOnlyKeys(user("alice"));
    assertThat(source().rosters(List.of())).isEmpty();
    assertThat(source().users(List.of())).isEmpty();
  }

  @Test
  void shouldListContactsInTheOrderOfTheirIds() {
    List<String> contacts = List.of("a", "B", "_c", "Z", "b", "~d", "0");
    addUsers("alice");
    contacts.forEach(this::addUsers);
    contacts.forEach(contact -> list("alice", contact));

    assertThat(roster("alice").contacts()).extracting(StoredContact::user).isSorted().hasSize(7);
  }

  @Test
  void shouldReadTheDirectoryByNameAndThenByIdFromAnyPlaceOn() {
    addUser(user("u1"), "Zoe");
    addUser(user("u2"), "anna");
    addUser(user("u3"), "Zoe");
    addUser(user("u4"), "Émile");
    addUser(user("u5"), "Bo");
    // As UTF-16 these two would stand in the other order.
    addUser(user("u6"), "\uD83D\uDE00");
    addUser(user("u7"), "\uFF21");

    List<ListedUser> all = source().directory("", "", 10);
    assertThat(all)
        .extracting(listed -> listed.user().value())
        .containsExactly("u5", "u1", "u3", "u2", "u4", "u7", "u6");
    for (int i = 0; i < all.size(); i++) {
      ListedUser last = all.get(i);
      assertThat(source().directory(last.name(), last.user().value(), 2))
          .isEqualTo(all.subList(i + 1, Math.min(all.size(), i + 3)));
    }
  }

  @Test
  void shouldReadWishAndLastSeen() {
    Wish busy = new Wish(Availability.BUSY, NOW);
    addUsers("alice", "bob");
    wish(user("alice"), busy);
    sink()
        .write(
            new NodeId("a"),
            new Position(1, 1),
            List.of(
                new SessionRow(
                    SessionId.create(NOW, new Random(1)),
                    user("alice"),
                    "phone",
                    1,
                    1,
                    NOW + 1_111,
                    NOW + 2_222,
                    CloseReason.SIGNED_OUT)),
            List.of());

    assertThat(roster("alice").wish()).isEqualTo(busy);
    assertThat(source().users(users("bob", "alice")))
        .containsExactly(
            Map.entry(user("alice"), new StoredUser("Name of alice", NOW + 1_111, busy)),
            Map.entry(user("bob"), new StoredUser("Name of bob", 0, Wish.NONE)));
  }

  private void addUsers(String... ids) {
    for (String id : ids) {
      addUser(user(id), "Name of " + id);
    }
  }

  private void list(String owner, String contact) {
    addContact(user(owner), user(contact));
  }

  private StoredRoster roster(String id) {
    return requireNonNull(source().rosters(users(id)).get(user(id)));
  }

  private static StoredContact contact(String id, boolean mutual) {
    return new StoredContact(user(id), "Name of " + id, mutual);
  }

  private static UserId user(String id) {
    return new UserId(id);
  }

  private static List<UserId> users(String... ids) {
    return Arrays.stream(ids).map(UserId::new).toList();
  }
}
