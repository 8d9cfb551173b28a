package dev.presence.lab.replay.plant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Deletes a row of the history. */
final class LostRow implements Plant {

  private String done = "";

  @Override
  public void afterRun(Connection database, List<String> users) throws SQLException {
    String sql =
        """
        delete from sessions where session_id =
          (select session_id from sessions where user_id = any (?) order by session_id limit 1)
        returning session_id
        """;
    try (PreparedStatement delete = database.prepareStatement(sql)) {
      delete.setArray(1, database.createArrayOf("text", users.toArray()));
      try (ResultSet deleted = delete.executeQuery()) {
        if (deleted.next()) {
          done = "deleted the row of session " + deleted.getString(1);
        }
      }
    }
  }

  @Override
  public String done() {
    return done;
  }
}
