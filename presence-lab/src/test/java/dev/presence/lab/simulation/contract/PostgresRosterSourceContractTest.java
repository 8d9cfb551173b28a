package dev.presence.lab.simulation.contract;

import dev.presence.server.journal.JournalSink;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.postgres.PostgresJournalSink;
import dev.presence.server.postgres.PostgresRosterSource;
import dev.presence.server.roster.RosterSource;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class PostgresRosterSourceContractTest extends RosterSourceContract {

  private static @TempDir Path directory;
  private static RealPostgres postgres;

  PostgresRosterSourceContractTest() {
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
  JournalSink sink() {
    return new PostgresJournalSink(postgres.pool());
  }

  @Override
  RosterSource source() {
    return new PostgresRosterSource(postgres.pool());
  }

  @Override
  void addUser(UserId user, String name) {
    postgres.addUser(user, name);
  }

  @Override
  void addContact(UserId owner, UserId contact) {
    postgres.addContact(owner, contact);
  }

  @Override
  void removeContact(UserId owner, UserId contact) {
    postgres.removeContact(owner, contact);
  }

  @Override
  void wish(UserId user, Wish wish) {
    postgres.wish(user, wish);
  }
}
