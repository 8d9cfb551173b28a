package dev.presence.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.UserId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is particular to PostgreSQL. What any source promises stands in the lab's contract, which
 * the real one passes too.
 */
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

  private static List<UserId> users(String... ids) {
    return Arrays.stream(ids).map(UserId::new).toList();
  }
}
