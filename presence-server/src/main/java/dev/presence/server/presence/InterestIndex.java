package dev.presence.server.presence;

import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/** Who on this server watches whom, for one lane's presentities. Belongs to the lane's loop. */
final class InterestIndex {

  /** The friend channel of each presentity: its watchers, in the order in which they came. */
  private final Map<UserId, Set<Outbox>> watchers = new HashMap<>();

  /**
   * The inverse: whom each watcher watches. Only looked up, never walked through: watchers have no
   * order.
   */
  private final Map<Outbox, List<UserId>> watched = new HashMap<>();

  void watch(Outbox watcher, Collection<UserId> presentities) {
    List<UserId> list = watched.computeIfAbsent(watcher, w -> new ArrayList<>(presentities.size()));
    for (UserId presentity : presentities) {
      if (watchers.computeIfAbsent(presentity, p -> new LinkedHashSet<>(2)).add(watcher)) {
        list.add(presentity);
      }
    }
  }

  void unwatch(Outbox watcher) {
    List<UserId> list = watched.remove(watcher);
    if (list == null) {
      return;
    }
    for (UserId presentity : list) {
      Set<Outbox> channel = watchers.get(presentity);
      if (channel != null) {
        channel.remove(watcher);
        if (channel.isEmpty()) {
          watchers.remove(presentity);
        }
      }
    }
  }

  Collection<Outbox> watchers(UserId presentity) {
    return watchers.getOrDefault(presentity, Set.of());
  }

  void sizes(ObjIntConsumer<String> each) {
    each.accept("channels", watchers.size());
    each.accept("watchers", watched.size());
  }

  boolean watches(Outbox watcher) {
    return watched.containsKey(watcher);
  }
}
