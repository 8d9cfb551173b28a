package dev.presence.server.presence;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Limits;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.UserId;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What watchers have been told: the answer to every question. Of those who are offline it keeps the
 * last seen for a while, until it is certain to be found in the history. Written on the lane's
 * loop, read from any thread.
 */
final class Told {

  /** How long an offline user is remembered: longer than the history may lag. */
  private static final long REMEMBER_MILLIS = 3_600_000;

  private final EventLoop loop;
  private final Map<UserId, SharedPresence> told = new ConcurrentHashMap<>();
  private final Queue<Offline> offline = new ArrayDeque<>();

  private record Offline(SharedPresence shared, long sinceMillis) {}

  Told(EventLoop loop) {
    this.loop = loop;
  }

  SharedPresence tell(Presence presence) {
    SharedPresence shared = new SharedPresence(presence);
    told.put(presence.user(), shared);
    if (presence.state() == PresenceState.OFFLINE) {
      offline.add(new Offline(shared, loop.nowMillis()));
    }
    long now = loop.nowMillis();
    for (Offline oldest = offline.peek();
        oldest != null
            && (now - oldest.sinceMillis > REMEMBER_MILLIS
                || offline.size() > Limits.REMEMBERED_OFFLINE);
        oldest = offline.peek()) {
      offline.remove();
      told.remove(oldest.shared.presence().user(), oldest.shared);
    }
    return shared;
  }

  void sizes(ObjIntConsumer<String> each) {
    each.accept("remembered offline", told.size());
  }

  /** What was told of a user, null if nothing is remembered: then the user is offline. */
  @Nullable SharedPresence shared(UserId user) {
    return told.get(user);
  }

  Presence of(UserId user) {
    SharedPresence shared = told.get(user);
    return shared == null ? Presence.offline(user) : shared.presence();
  }
}
