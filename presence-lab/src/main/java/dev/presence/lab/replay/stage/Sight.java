package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.replay.oracle.SessionLog;
import java.util.Set;

/** What a client shows of its contacts, on its way into the client's log. */
final class Sight {

  private final Company company;
  private final SessionLog log;

  Sight(Company company, SessionLog log) {
    this.company = company;
    this.log = log;
  }

  /**
   * The client was told of a contact.
   *
   * @param lastSeenMillis 0 if none was told
   */
  void told(long atMicros, String contactId, Seen seen, long lastSeenMillis) {
    int position = company.people().position(log.user(), contactId);
    if (position < 0) {
      company.tally().strangers.incrementAndGet();
    } else {
      log.views().told(atMicros, position, seen, lastSeenMillis);
    }
  }

  /** The client knows all contacts from now on: whoever was not named is offline. */
  void offlineExcept(long atMicros, Set<String> named) {
    People people = company.people();
    for (int position = 0; position < people.contacts().count(log.user()); position++) {
      int contact = people.contacts().contact(log.user(), position);
      if (!named.contains(people.ids().get(contact))) {
        log.views().told(atMicros, position, Seen.OFFLINE, 0);
      }
    }
  }
}
