package dev.presence.lab.chaos.crowd;

import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.replay.oracle.Seen;
import java.util.Set;

/** What an app is told of its user's contacts, on its way into the client's log. */
final class Sight {

  private final Circle circle;
  private final ClientLog log;

  Sight(Circle circle, ClientLog log) {
    this.circle = circle;
    this.log = log;
  }

  /**
   * Of one of them.
   *
   * @param lastSeenMillis Unix time; 0 if none was told
   */
  void told(long atMicros, String contact, Seen seen, long lastSeenMillis) {
    Integer index = circle.indexes().get(contact);
    if (index == null || circle.contacts().position(log.user(), index) < 0) {
      log.toldOfStranger(atMicros, contact);
    } else {
      log.told(atMicros, index, seen, lastSeenMillis);
    }
  }

  /** Of all: whoever is not named is offline. */
  void offlineExcept(long atMicros, Set<String> named) {
    for (int i = 0; i < circle.contacts().count(log.user()); i++) {
      int contact = circle.contacts().contact(log.user(), i);
      if (!named.contains(circle.ids().get(contact))) {
        log.told(atMicros, contact, Seen.OFFLINE, 0);
      }
    }
  }
}
