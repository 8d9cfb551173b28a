package dev.presence.server.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A database with the schema in it, for one test class; see {@link PostgresExtension}.
 *
 * @param url its JDBC URL
 */
public record TestDatabase(String url) {

  public static final String USER = "postgres";
  public static final String PASSWORD = "postgres";

  /** A new pool; the test closes it. */
  public PostgresPool pool() {
    return new PostgresPool(url, USER, PASSWORD, PostgresPool.DEFAULT_SIZE);
  }

  /** Forgets all rows. */
  public void clear() {
    execute("truncate users, contacts, sessions, nodes, journal_cursor");
  }

  /** Makes users whose names are their ids. */
  public void addUsers(String... ids) {
    for (String id : ids) {
      execute("insert into users (id, name) values ('" + id + "', 'Name of " + id + "')");
    }
  }

  /** Lets each of two people list the other. */
  public void befriend(String one, String other) {
    list(one, other);
    list(other, one);
  }

  /** Puts {@code contact} on the list of {@code owner}. */
  public void list(String owner, String contact) {
    execute("insert into contacts values ('" + owner + "', '" + contact + "')");
  }

  /** Runs SQL. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The rows of a query; columns are separated by a blank, null is a dash. */
  public List<String> ask(String sql) {
    List<String> answers = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value = rows.getString(i);
          row.add(value == null ? "-" : value);
        }
        answers.add(String.join(" ", row));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
    return answers;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, USER, PASSWORD);
  }
}
