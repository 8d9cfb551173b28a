package dev.presence.server.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource.ListedUser;
import dev.presence.server.roster.RosterSource.StoredContact;
import dev.presence.server.roster.RosterSource.StoredRoster;
import dev.presence.server.roster.RosterSource.StoredUser;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class PostgresRosterSourceTest {

  private final TestDatabase database;
  private final PostgresPool pool;
  private final PostgresRosterSource source;

  PostgresRosterSourceTest(TestDatabase database) {
    this.database = database;
    pool = database.pool();
    source = new PostgresRosterSource(pool);
  }

  @BeforeEach
  void clear() {
    database.clear();
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  @Test
  void shouldTellWhoListsTheUserToo() {
    database.addUsers("alice", "bob", "carol");
    database.befriend("alice", "bob");
    database.list("alice", "carol");

    assertThat(source.rosters(users("alice", "carol")))
        .containsOnly(
            Map.entry(
                user("alice"),
                new StoredRoster(
                    Wish.NONE, List.of(contact("bob", true), contact("carol", false)))),
            Map.entry(user("carol"), new StoredRoster(Wish.NONE, List.of())));
  }

  @Test
  void shouldLeaveOutWhoDoesNotExist() {
    database.addUsers("alice");

    assertThat(source.rosters(users("nobody", "alice"))).containsOnlyKeys(user("alice"));
    assertThat(source.users(users("nobody", "alice"))).containsOnlyKeys(user("alice"));
    assertThat(source.rosters(List.of())).isEmpty();
  }

  @Test
  void shouldListContactsInTheOrderOfTheirIds() {
    database.addUsers("alice", "a", "B", "_c", "Z", "b", "~d", "0");
    for (String contact : List.of("a", "B", "_c", "Z", "b", "~d", "0")) {
      database.list("alice", contact);
    }

    assertThat(roster("alice").contacts()).extracting(StoredContact::user).isSorted().hasSize(7);
  }

  @Test
  void shouldReadTheDirectoryByNameAndThenByIdFromAnyPlaceOn() {
    database.execute(
        "insert into users (id, name) values"
            + " ('u1', 'Zoe'), ('u2', 'anna'), ('u3', 'Zoe'), ('u4', 'Émile'), ('u5', 'Bo')");

    List<ListedUser> all = source.directory("", "", 10);
    assertThat(all)
        .extracting(listed -> listed.user().value())
        .containsExactly("u5", "u1", "u3", "u2", "u4");
    for (int i = 0; i < all.size(); i++) {
      ListedUser last = all.get(i);
      assertThat(source.directory(last.name(), last.user().value(), 2))
          .isEqualTo(all.subList(i + 1, Math.min(all.size(), i + 3)));
    }
  }

  @Test
  void shouldReadWishAndLastSeen() {
    database.addUsers("alice", "bob");
    database.execute(
        "update users set availability = 'BUSY', availability_at = '2026-01-02 03:04:05.678Z',"
            + " last_seen_at = '2026-01-02 03:04:06.789Z' where id = 'alice'");

    assertThat(roster("alice").wish()).isEqualTo(new Wish(Availability.BUSY, 1_767_323_045_678L));
    assertThat(source.users(users("alice", "bob")))
        .containsEntry(
            user("alice"),
            new StoredUser(
                "Name of alice",
                1_767_323_046_789L,
                new Wish(Availability.BUSY, 1_767_323_045_678L)))
        .containsEntry(user("bob"), new StoredUser("Name of bob", 0, Wish.NONE));
  }

  @Test
  void shouldReadLargeRostersWhole() {
    database.execute(
        "insert into users select 'u' || i, 'User ' || i from generate_series(1, 5001) as i");
    database.execute(
        "insert into contacts select o, c from (values ('u1'), ('u2')) as owners (o),"
            + " (select 'u' || i as c from generate_series(1, 5001) as i) as x where o <> c");

    assertThat(source.rosters(users("u1", "u2")).values())
        .extracting(roster -> roster.contacts().size())
        .containsExactly(5_000, 5_000);
  }

  private StoredRoster roster(String id) {
    return requireNonNull(source.rosters(users(id)).get(user(id)));
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
