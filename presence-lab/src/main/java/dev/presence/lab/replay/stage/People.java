package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.plan.Contacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ids and contacts of all people.
 *
 * @param ids the ids, by index
 * @param indexes the inverse
 * @param contacts who knows whom, by index
 */
public record People(List<String> ids, Map<String, Integer> indexes, Contacts contacts) {

  /** Makes the inverse. */
  public static People of(List<String> ids, Contacts contacts) {
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      indexes.put(ids.get(i), i);
    }
    return new People(List.copyOf(ids), Map.copyOf(indexes), contacts);
  }

  /** Where a contact stands in a user's roster; negative if it is none. */
  int position(int user, String contactId) {
    Integer contact = indexes.get(contactId);
    return contact == null ? -1 : contacts.position(user, contact);
  }
}
