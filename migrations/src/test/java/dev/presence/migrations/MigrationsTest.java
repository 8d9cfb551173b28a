package dev.presence.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The migrations against a real PostgreSQL, each test from an empty database. */
class MigrationsTest {

  private static final String USER = "postgres";

  private static EmbeddedPostgres postgres;

  private String url;
  private Connection connection;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void openEmptyDatabase() throws SQLException {
    try (Connection admin = postgres.getPostgresDatabase().getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute("drop database if exists empty with (force)");
      statement.execute("create database empty");
    }
    url = postgres.getJdbcUrl(USER, "empty");
    connection = DriverManager.getConnection(url, USER, USER);
  }

  @AfterEach
  void closeDatabase() throws SQLException {
    connection.close();
  }

  @Test
  void shouldApplyFromEmptyAndThenFindNothingToDo() {
    assertThatThrownBy(() -> Migrations.validate(url, USER, USER))
        .isInstanceOf(FlywayException.class);

    assertThat(apply()).isPositive();
    assertThat(apply()).isZero();

    Migrations.validate(url, USER, USER);
  }

  @Test
  void shouldCreateThePartitionsOfThisMonthAndTheNextThree() throws SQLException {
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    apply();

    assertThat(partitions())
        .containsExactlyInAnyOrder(
            "sessions_default",
            partition(month),
            partition(month.plusMonths(1)),
            partition(month.plusMonths(2)),
            partition(month.plusMonths(3)));
  }

  @Test
  void shouldCreateEachPartitionOnce() throws SQLException {
    apply();

    assertThat(ask("select presence_ensure_session_partitions('2031-11-30 23:59:59Z', 3)"))
        .containsExactly("3");
    assertThat(ask("select presence_ensure_session_partitions('2031-11-01 00:00:00Z', 3)"))
        .containsExactly("0");
    assertThat(partitions()).contains("sessions_2031_11", "sessions_2031_12", "sessions_2032_01");
  }

  @Test
  void shouldMoveEarlyRowsOutOfTheDefaultPartition() throws SQLException {
    apply();
    // Still July in New York, August in UTC: partitions must not depend on the connection's zone.
    execute("set time zone 'America/New_York'");
    open("alice", "2031-08-01 01:00:00Z");
    assertThat(ask("select user_id from sessions_default")).containsExactly("alice");

    execute("select presence_ensure_session_partitions('2031-08-15Z', 1)");

    assertThat(ask("select user_id from sessions_default")).isEmpty();
    assertThat(ask("select user_id from sessions_2031_08")).containsExactly("alice");
    assertThat(ask("select user_id from sessions")).containsExactly("alice");
  }

  @Test
  void shouldShowPresenceToPeopleWithSql() throws SQLException {
    apply();
    execute("insert into users (id, name) values ('alice', 'Alice'), ('bob', 'Bob')");
    execute("update users set last_seen_at = '2026-01-02 03:04:05Z' where id = 'bob'");
    open("alice", "now");
    open("bob", "now");
    execute("update sessions set closed_at = now(), phase = 3 where user_id = 'bob'");

    assertThat(
            ask(
                "select concat_ws(' ', user_id, username, last_seen at time zone 'UTC', is_online)"
                    + " from user_presence order by user_id"))
        .containsExactly("alice Alice t", "bob Bob 2026-01-02 03:04:05 f");
  }

  @Test
  void shouldRefuseWhatIsNoUserIdAndNoContact() {
    apply();

    assertThatThrownBy(() -> execute("insert into users (id, name) values ('a b', 'A')"))
        .hasMessageContaining("users_id_is_a_user_id");
    assertThatThrownBy(() -> execute("insert into users (id, name) values ('', 'A')"))
        .hasMessageContaining("users_id_is_a_user_id");
    assertThatThrownBy(() -> execute("insert into users (id, name) values (repeat('a', 65), 'A')"))
        .hasMessageContaining("users_id_is_a_user_id");
    assertThatThrownBy(() -> execute("insert into contacts values ('a', 'a')"))
        .hasMessageContaining("contacts_are_other_people");
  }

  private int apply() {
    return Migrations.apply(url, USER, USER);
  }

  private void open(String user, String openedAt) throws SQLException {
    execute(
        "insert into sessions (session_id, opened_at, user_id, device, node_id, attempt,"
            + " node_epoch, phase, last_sign_of_life_at) values (gen_random_uuid(), '%s', '%s',"
                .formatted(openedAt, user)
            + " 'phone', 'n1', 1, 1, 1, now())");
  }

  private List<String> partitions() throws SQLException {
    return ask("select inhrelid::regclass from pg_inherits where inhparent = 'sessions'::regclass");
  }

  private static String partition(YearMonth month) {
    return "sessions_%04d_%02d".formatted(month.getYear(), month.getMonthValue());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> ask(String sql) throws SQLException {
    List<String> answers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }
}
