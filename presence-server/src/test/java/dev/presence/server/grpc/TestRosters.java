package dev.presence.server.grpc;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Users and mutual contacts that a test makes up; some of them may be out of reach. */
final class TestRosters implements RosterSource {

  private final Map<UserId, Set<UserId>> contacts = new ConcurrentHashMap<>();
  private final Map<UserId, StoredUser> stored = new ConcurrentHashMap<>();
  private final Set<UserId> hidden = ConcurrentHashMap.newKeySet();

  private final AtomicInteger listed = new AtomicInteger();

  /** How often a part of the directory was asked for. */
  int timesListed() {
    return listed.get();
  }

  void user(String id, String name, long lastSeenMillis) {
    stored.put(new UserId(id), new StoredUser(name, lastSeenMillis, Wish.NONE));
  }

  void friends(String one, String other) {
    for (String id : new String[] {one, other}) {
      stored.putIfAbsent(new UserId(id), new StoredUser(id, 0, Wish.NONE));
    }
    link(one, other);
    link(other, one);
  }

  private void link(String from, String to) {
    contacts
        .computeIfAbsent(new UserId(from), user -> ConcurrentHashMap.newKeySet())
        .add(new UserId(to));
  }

  /** From now on no batch in which this user is asked for can be had. */
  void hide(String id) {
    hidden.add(new UserId(id));
  }

  @Override
  public List<ListedUser> directory(String afterName, String afterId, int limit) {
    check(List.of());
    listed.incrementAndGet();
    return stored.entrySet().stream()
        .map(entry -> new ListedUser(entry.getKey(), entry.getValue().name()))
        .sorted(Comparator.comparing(ListedUser::name).thenComparing(ListedUser::user))
        .filter(
            user ->
                user.name().compareTo(afterName) > 0
                    || (user.name().equals(afterName)
                        && user.user().value().compareTo(afterId) > 0))
        .limit(limit)
        .toList();
  }

  @Override
  public Map<UserId, StoredRoster> rosters(Collection<UserId> users) {
    check(users);
    Map<UserId, StoredRoster> found = new TreeMap<>();
    for (UserId user : users) {
      if (stored.containsKey(user)) {
        found.put(
            user,
            new StoredRoster(
                Wish.NONE,
                new TreeSet<>(contacts.getOrDefault(user, Set.of()))
                    .stream()
                        .map(other -> new StoredContact(other, nameOf(other), true))
                        .toList()));
      }
    }
    return found;
  }

  private String nameOf(UserId user) {
    StoredUser found = stored.get(user);
    return found == null ? user.value() : found.name();
  }

  @Override
  public Map<UserId, StoredUser> users(Collection<UserId> users) {
    check(users);
    Map<UserId, StoredUser> found = new TreeMap<>();
    for (UserId user : users) {
      StoredUser known = stored.get(user);
      if (known != null) {
        found.put(user, known);
      }
    }
    return found;
  }

  private void check(Collection<UserId> users) {
    if (users.stream().anyMatch(hidden::contains)) {
      throw new IllegalStateException("the source is away");
    }
  }
}
