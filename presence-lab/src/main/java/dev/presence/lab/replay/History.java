package dev.presence.lab.replay;

import dev.presence.lab.replay.oracle.HistoryRow;
import dev.presence.lab.replay.plan.Contacts;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The servers' PostgreSQL, as far as those touch it who judge: the roster in, the history out. */
public final class History {

  private static final int FETCH_ROWS = 5_000;

  private final Connection connection;
  private final List<String> users;

  /** The part of a database that is about these users. */
  public History(Connection connection, List<String> users) {
    this.connection = connection;
    this.users = users;
  }

  /** Puts the users and their contacts in. */
  public void load(Contacts contacts) throws SQLException {
    StringBuilder people = new StringBuilder();
    StringBuilder pairs = new StringBuilder();
    for (int user = 0; user < users.size(); user++) {
      String id = users.get(user);
      people.append(id).append("\tUser ").append(id).append('\n');
      for (int i = 0; i < contacts.count(user); i++) {
        pairs.append(id).append('\t').append(users.get(contacts.contact(user, i))).append('\n');
      }
    }
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    try {
      copy.copyIn("copy users (id, name) from stdin", new StringReader(people.toString()));
      copy.copyIn(
          "copy contacts (owner_id, contact_id) from stdin", new StringReader(pairs.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many sessions have a row that is not closed yet. */
  public int open() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select count(*) from sessions where user_id = any (?) and closed_at is null")) {
      query.setArray(1, connection.createArrayOf("text", users.toArray()));
      try (ResultSet result = query.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  /**
   * All rows.
   *
   * @param ofEverybody not only of these users
   */
  public List<HistoryRow> rows(boolean ofEverybody) throws SQLException {
    String sql =
        "select session_id, user_id, opened_at, last_sign_of_life_at, close_reason from sessions"
            + (ofEverybody ? "" : " where user_id = any (?)");
    List<HistoryRow> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setFetchSize(FETCH_ROWS);
      if (!ofEverybody) {
        query.setArray(1, connection.createArrayOf("text", users.toArray()));
      }
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          rows.add(
              new HistoryRow(
                  result.getString(1),
                  result.getString(2),
                  millis(result.getTimestamp(3)),
                  millis(result.getTimestamp(4)),
                  result.getString(5)));
        }
      }
    }
    return rows;
  }

  private static long millis(Timestamp timestamp) {
    return timestamp.toInstant().toEpochMilli();
  }
}
