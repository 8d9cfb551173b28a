package dev.presence.client.cli;

import dev.presence.client.Contact;
import dev.presence.client.Presence;
import dev.presence.client.PresenceState;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The friends of a user: names from the contact list, presence from the session. In the order in
 * which they are shown: who is there by name, then who cannot be told, then the others, last seen
 * first, and those never seen at the end.
 */
final class Friends {
  private static final Comparator<Contact> ORDER =
      Comparator.comparingInt(Friends::group)
          .thenComparing(Friends::lastSeen, Comparator.reverseOrder())
          .thenComparing(Contact::name, String.CASE_INSENSITIVE_ORDER)
          .thenComparing(contact -> contact.presence().userId());

  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Presence> presences = new HashMap<>();

  /** Takes the names; of presences only what the session has not told better. */
  void named(List<Contact> contacts) {
    for (Contact contact : contacts) {
      Presence presence = contact.presence();
      names.put(presence.userId(), contact.name());
      boolean offline = presence.state() == PresenceState.OFFLINE;
      Presence unused =
          presences.putIfAbsent(
              presence.userId(),
              offline
                  ? presence
                  : new Presence(presence.userId(), PresenceState.OFFLINE, Optional.empty()));
    }
    presences.keySet().forEach(userId -> names.putIfAbsent(userId, userId)); // is none any more
  }

  void told(Presence presence) {
    Presence unused = presences.put(presence.userId(), presence);
  }

  /** Whether all who are shown have a name. */
  boolean allNamed() {
    return names.keySet().containsAll(presences.keySet());
  }

  long online() {
    return presences.values().stream().filter(Friends::isThere).count();
  }

  List<Contact> inOrder() {
    return presences.values().stream()
        .map(p -> new Contact(names.getOrDefault(p.userId(), p.userId()), p))
        .sorted(ORDER)
        .toList();
  }

  private static boolean isThere(Presence presence) {
    return presence.state() != PresenceState.OFFLINE && presence.state() != PresenceState.UNKNOWN;
  }

  private static int group(Contact contact) {
    Presence presence = contact.presence();
    if (isThere(presence)) {
      return 0;
    }
    return presence.state() == PresenceState.UNKNOWN ? 1 : 2;
  }

  private static Instant lastSeen(Contact contact) {
    return contact.presence().lastSeen().orElse(Instant.MIN);
  }
}
