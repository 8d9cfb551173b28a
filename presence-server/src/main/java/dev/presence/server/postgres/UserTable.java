package dev.presence.server.postgres;

import static org.jooq.impl.DSL.val;

import dev.presence.server.journal.WishRow;
import dev.presence.server.model.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.impl.SQLDataType;

/**
 * What the journal writes into the table {@code users}: only what is later than what stands there.
 */
final class UserTable {

  /** PostgreSQL locks in the order of the select, but updates in an order of its own. */
  private static final String LOCK =
      "select from users where id = any({0}) order by id for no key update";

  private static final String LAST_SEEN =
      """
      update users t set last_seen_at = r.seen_at
      from unnest({0}, {1}) as r (id, seen_at)
      where t.id = r.id and (t.last_seen_at is null or t.last_seen_at < r.seen_at)
      """;

  /** Of two wishes of one millisecond BUSY holds, as in the model. */
  private static final String WISHES =
      """
      update users t set availability = r.availability, availability_at = r.wished_at
      from unnest({0}, {1}, {2}) as r (id, availability, wished_at)
      where t.id = r.id
        and (t.availability_at < r.wished_at
          or (t.availability_at = r.wished_at
            and t.availability <> 'BUSY' and r.availability = 'BUSY'))
      """;

  private UserTable() {}

  /**
   * Raises last seen times and takes over wishes. A user who does not exist is passed over.
   *
   * @param seen Unix milliseconds by user
   * @param wishes of different users
   */
  static void update(DSLContext jooq, Map<UserId, Long> seen, Collection<WishRow> wishes) {
    if (seen.isEmpty() && wishes.isEmpty()) {
      return;
    }
    TreeSet<UserId> users = new TreeSet<>(seen.keySet());
    wishes.forEach(wish -> users.add(wish.user()));
    jooq.execute(LOCK, val(ids(users)));
    if (!seen.isEmpty()) {
      jooq.execute(
          LAST_SEEN,
          val(ids(seen.keySet())),
          val(instants(seen.values()), SQLDataType.INSTANT.array()));
    }
    if (!wishes.isEmpty()) {
      List<WishRow> sorted = wishes.stream().sorted(Comparator.comparing(WishRow::user)).toList();
      jooq.execute(
          WISHES,
          val(ids(sorted.stream().map(WishRow::user).toList())),
          val(
              sorted.stream()
                  .map(wish -> wish.wish().availability().name())
                  .toArray(String[]::new)),
          val(
              instants(sorted.stream().map(wish -> wish.wish().atMillis()).toList()),
              SQLDataType.INSTANT.array()));
    }
  }

  private static String[] ids(Collection<UserId> users) {
    return users.stream().map(UserId::value).toArray(String[]::new);
  }

  private static Instant[] instants(Collection<Long> millis) {
    return millis.stream().map(Instant::ofEpochMilli).toArray(Instant[]::new);
  }
}
