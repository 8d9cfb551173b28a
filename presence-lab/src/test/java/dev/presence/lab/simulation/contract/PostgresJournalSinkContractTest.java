package dev.presence.lab.simulation.contract;

import dev.presence.lab.simulation.HistoryRow;
import dev.presence.server.journal.JournalSink;
import dev.presence.server.model.UserId;
import dev.presence.server.postgres.PostgresJournalSink;
import dev.presence.server.postgres.PostgresRosterSource;
import dev.presence.server.roster.RosterSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class PostgresJournalSinkContractTest extends JournalSinkContract {

  private static @TempDir Path directory;
  private static RealPostgres postgres;

  PostgresJournalSinkContractTest() {
    postgres.clear();
  }

  @BeforeAll
  static void startPostgres() {
    postgres = new RealPostgres(directory);
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @Override
  public JournalSink sink() {
    return new PostgresJournalSink(postgres.pool());
  }

  @Override
  public RosterSource users() {
    return new PostgresRosterSource(postgres.pool());
  }

  @Override
  public void addUser(UserId user, String name) {
    postgres.addUser(user, name);
  }

  @Override
  public List<HistoryRow> rows() {
    return postgres.rows();
  }
}
