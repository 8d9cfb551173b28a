package dev.presence.lab.simulation.contract;

import dev.presence.lab.simulation.HistoryRow;
import dev.presence.lab.simulation.HistoryRow.Stage;
import dev.presence.lab.store.FreePorts;
import dev.presence.lab.store.LocalPostgres;
import dev.presence.lab.store.Orphans;
import dev.presence.migrations.Migrations;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.postgres.PostgresPool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL for one test class, with the schema in it. */
final class RealPostgres implements AutoCloseable {

  private final Orphans orphans = new Orphans();
  private final LocalPostgres postgres;
  private final PostgresPool pool;

  RealPostgres(Path directory) {
    postgres = LocalPostgres.start(FreePorts.any(), directory, orphans);
    Migrations.apply(postgres.url(), LocalPostgres.USER, LocalPostgres.PASSWORD);
    pool =
        new PostgresPool(
            postgres.url(), LocalPostgres.USER, LocalPostgres.PASSWORD, PostgresPool.DEFAULT_SIZE);
  }

  PostgresPool pool() {
    return pool;
  }

  /** Forgets everything. */
  void clear() {
    execute("truncate users, contacts, sessions, nodes, journal_cursor");
  }

  void addUser(UserId user, String name) {
    execute("insert into users (id, name) values (?, ?)", user.value(), name);
  }

  void addContact(UserId owner, UserId contact) {
    execute("insert into contacts values (?, ?)", owner.value(), contact.value());
  }

  void removeContact(UserId owner, UserId contact) {
    execute(
        "delete from contacts where owner_id = ? and contact_id = ?",
        owner.value(),
        contact.value());
  }

  void wish(UserId user, Wish wish) {
    execute(
        "update users set availability = ?, availability_at = ? where id = ?",
        wish.availability().name(),
        new Timestamp(wish.atMillis()),
        user.value());
  }

  private void execute(String sql, Object... values) {
    try (Connection connection = postgres.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The history, by session. */
  List<HistoryRow> rows() {
    List<HistoryRow> rows = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select * from sessions")) {
      while (found.next()) {
        rows.add(row(found));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    rows.sort(Comparator.comparing(HistoryRow::session));
    return rows;
  }

  private static HistoryRow row(ResultSet found) throws SQLException {
    Timestamp closedAt = found.getTimestamp("closed_at");
    return new HistoryRow(
        new SessionId(found.getObject("session_id", UUID.class)),
        new UserId(found.getString("user_id")),
        found.getString("device"),
        new NodeId(found.getString("node_id")),
        found.getInt("attempt"),
        found.getLong("node_epoch"),
        found.getTimestamp("opened_at").getTime(),
        found.getTimestamp("last_sign_of_life_at").getTime(),
        closedAt == null ? 0 : closedAt.getTime(),
        reason(found.getString("close_reason")),
        stage(found.getInt("phase")));
  }

  private static Stage stage(int phase) {
    return switch (phase) {
      case 1 -> Stage.OPEN;
      case 2 -> Stage.LOST;
      case 3 -> Stage.CLOSED;
      default -> throw new IllegalStateException("phase " + phase);
    };
  }

  private static @Nullable CloseReason reason(@Nullable String name) {
    return name == null ? null : CloseReason.valueOf(name);
  }

  @Override
  public void close() {
    pool.close();
    postgres.close();
    orphans.close();
  }
}
