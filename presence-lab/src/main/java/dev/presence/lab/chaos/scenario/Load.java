package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.stage.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the stores were asked in a time. */
final class Load {

  private static final String TRANSACTIONS =
      "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";

  private final Stage stage;
  private final long commands;
  private final long transactions;
  private final long fromMicros;

  private Load(Stage stage) {
    this.stage = stage;
    commands = stage.redis().commands();
    transactions = transactions(stage);
    fromMicros = stage.clock().micros();
  }

  /** From now on. */
  static Load begin(Stage stage) {
    return new Load(stage);
  }

  /** Until now, in words. */
  String since() {
    double seconds = (stage.clock().micros() - fromMicros) / 1e6;
    return "Redis %.0f commands/s, PostgreSQL %.0f transactions/s"
        .formatted(
            (stage.redis().commands() - commands) / seconds,
            (transactions(stage) - transactions) / seconds);
  }

  private static long transactions(Stage stage) {
    try (Connection connection = stage.fleet().postgres().connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(TRANSACTIONS)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not say what it was asked", e);
    }
  }
}
