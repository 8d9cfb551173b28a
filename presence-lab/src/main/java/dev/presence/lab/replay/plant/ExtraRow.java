package dev.presence.lab.replay.plant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Inserts a row into the history that looks like another one, but for its session's id. */
final class ExtraRow implements Plant {

  private String done = "";

  @Override
  public void afterRun(Connection database, List<String> users) throws SQLException {
    String sql =
        """
        insert into sessions
          select gen_random_uuid(), opened_at, user_id, device, node_id, attempt, node_epoch, phase,
                 last_sign_of_life_at, closed_at, close_reason
          from sessions where user_id = any (?) order by session_id limit 1
        returning session_id
        """;
    try (PreparedStatement insert = database.prepareStatement(sql)) {
      insert.setArray(1, database.createArrayOf("text", users.toArray()));
      try (ResultSet inserted = insert.executeQuery()) {
        if (inserted.next()) {
          done = "inserted a row for session " + inserted.getString(1);
        }
      }
    }
  }

  @Override
  public String done() {
    return done;
  }
}
