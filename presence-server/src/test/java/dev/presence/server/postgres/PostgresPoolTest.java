package dev.presence.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PostgresExtension.class)
class PostgresPoolTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final TestDatabase database;

  PostgresPoolTest(TestDatabase database) {
    this.database = database;
  }

  @Test
  void shouldGiveUpAStatementThatTakesTooLong() {
    try (PostgresPool pool = pool(database.url(), Duration.ofMillis(200))) {
      assertThatThrownBy(() -> pool.jooq().fetch("select pg_sleep(20)"))
          .isInstanceOfSatisfying(
              DataAccessException.class, e -> assertThat(e.sqlState()).isEqualTo("57014"));
      assertThat(pool.jooq().fetchValue("select 1")).as("the connection is good").isEqualTo(1);
    }
  }

  /** Two hosts stand in the URL: the first becomes a standby, and then is gone. */
  @Test
  void shouldGoOverToTheHostThatTakesWrites(@TempDir Path folder) throws Exception {
    try (OwnPostgres first = OwnPostgres.create(folder)) {
      first.start();
      TestDatabase one = new TestDatabase(first.url());
      database.execute("create table written (host int)");
      String name = database.url().replaceAll(".*/(\\w+).*", "$1");
      one.execute("create database " + name);
      one = new TestDatabase(first.url().replaceAll("\\w+$", name));
      one.execute("create table written (host int)");
      String both = database.url().replace("//", "//localhost:" + first.port() + ",");
      try (PostgresPool pool = pool(both, Duration.ofSeconds(2))) {
        write(pool, 1);
        assertThat(one.ask("select host from written")).containsExactly("1");

        // What the driver goes by: its transactions are read-only.
        one.execute("alter system set default_transaction_read_only = on");
        one.execute("select pg_reload_conf()");
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> write(pool, 2));

        first.stop();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> write(pool, 3));
        assertThat(database.ask("select host from written where host = 3")).containsExactly("3");
        assertThat(database.ask("select distinct host from written order by host"))
            .containsExactly("2", "3");
      }
    }
  }

  private static void write(PostgresPool pool, int number) {
    pool.transaction(jooq -> jooq.execute("insert into written values (" + number + ")"));
  }

  private static PostgresPool pool(String url, Duration statementTimeout) {
    return new PostgresPool(
        url, TestDatabase.USER, TestDatabase.PASSWORD, PostgresPool.DEFAULT_SIZE, statementTimeout);
  }
}
