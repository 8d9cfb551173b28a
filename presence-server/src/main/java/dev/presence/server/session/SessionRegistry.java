package dev.presence.server.session;

import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which sessions a lane holds. Belongs to the lane's loop. */
final class SessionRegistry {

  /** By id, in the order in which they came. */
  private final Map<SessionId, Session> byId = new LinkedHashMap<>();

  /** The inverse: the sessions of each user. */
  private final Map<UserId, List<Session>> byUser = new HashMap<>();

  void add(Session session) {
    byId.put(session.id, session);
    byUser.computeIfAbsent(session.user, user -> new ArrayList<>(1)).add(session);
  }

  void remove(Session session) {
    if (byId.remove(session.id, session)) {
      List<Session> ofUser = byUser.get(session.user);
      if (ofUser != null && ofUser.remove(session) && ofUser.isEmpty()) {
        byUser.remove(session.user);
      }
    }
  }

  boolean holds(Session session) {
    return byId.get(session.id) == session;
  }

  @Nullable Session find(SessionId id) {
    return byId.get(id);
  }

  int size() {
    return byId.size();
  }

  /** How many of them a stream carries. */
  int streams() {
    return (int) byId.values().stream().filter(session -> session.attachment != null).count();
  }

  /** A user's sessions, as of now. */
  List<Session> of(UserId user) {
    return List.copyOf(byUser.getOrDefault(user, List.of()));
  }

  /** All sessions, as of now. */
  Collection<Session> all() {
    return List.copyOf(byId.values());
  }
}
