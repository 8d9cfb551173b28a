package dev.presence.lab.simulation.contract;

import dev.presence.lab.simulation.FakePostgres;
import dev.presence.server.journal.JournalSink;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;

final class FakeRosterSourceContractTest extends RosterSourceContract {

  private final FakePostgres postgres = new FakePostgres();

  @Override
  RosterSource source() {
    return postgres;
  }

  @Override
  JournalSink sink() {
    return postgres;
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
