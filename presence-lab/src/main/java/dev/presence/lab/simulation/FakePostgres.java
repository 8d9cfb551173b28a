package dev.presence.lab.simulation;

import dev.presence.server.journal.JournalSink;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * PostgreSQL in maps, by the rules of the real one: both pass the same contract. It can be away,
 * and it can do its work and lose the answer. For one thread; the same calls have the same outcome.
 */
public final class FakePostgres implements JournalSink, RosterSource {

  private final Map<SessionId, HistoryRow> rows = new TreeMap<>();
  private final Map<UserId, FakeUser> users = new TreeMap<>();
  private final Map<NodeId, Node> nodes = new TreeMap<>();
  private final Map<NodeId, Position> cursors = new TreeMap<>();

  private boolean away;
  private int answersToLose;

  /** Makes one with nobody in it. */
  public FakePostgres() {}

  private static final class FakeUser {
    final String name;
    final Map<UserId, FakeUser> contacts = new TreeMap<>();
    long lastSeenMillis;
    Wish wish = Wish.NONE;

    FakeUser(String name) {
      this.name = name;
    }
  }

  private record Node(long aliveAtMillis, boolean ended, String address) {}

  // What a test does to it.

  /** While it is away, each call throws and does nothing. */
  public void away(boolean now) {
    away = now;
  }

  /** Lets the next {@code count} calls that write do their work, and then throw. */
  public void failAfterCommit(int count) {
    answersToLose = count;
  }

  /** Adds a user whom nobody knows yet. */
  public void addUser(UserId user, String name) {
    users.put(user, new FakeUser(name));
  }

  /** Puts a contact on the owner's list; both are users already. */
  public void addContact(UserId owner, UserId contact) {
    existing(owner).contacts.put(contact, existing(contact));
  }

  /** Takes a contact off the owner's list. */
  public void removeContact(UserId owner, UserId contact) {
    existing(owner).contacts.remove(contact);
  }

  /** Lets each of two users list the other. */
  public void befriend(UserId one, UserId other) {
    addContact(one, other);
    addContact(other, one);
  }

  /** Stores a user's wish, whatever it was before. */
  public void wish(UserId user, Wish wish) {
    existing(user).wish = wish;
  }

  private FakeUser existing(UserId user) {
    FakeUser found = users.get(user);
    if (found == null) {
      throw new IllegalArgumentException("no user " + user);
    }
    return found;
  }

  // What a test sees, whether it is away or not.

  /** The history, by session. */
  public List<HistoryRow> rows() {
    return List.copyOf(rows.values());
  }

  /** When users were last seen: Unix milliseconds, without those who never were. */
  public Map<UserId, Long> lastSeen() {
    Map<UserId, Long> seen = new TreeMap<>();
    users.forEach(
        (id, user) -> {
          if (user.lastSeenMillis > 0) {
            seen.put(id, user.lastSeenMillis);
          }
        });
    return seen;
  }

  // The history.

  @Override
  public void write(
      NodeId node, Position cursor, Collection<SessionRow> newRows, Collection<WishRow> wishes) {
    requireReachable();
    requireDifferent(newRows.stream().map(SessionRow::session).toList());
    requireDifferent(wishes.stream().map(WishRow::user).toList());
    newRows.stream()
        .filter(row -> !row.closed())
        .mapToLong(SessionRow::lastSignOfLifeMillis)
        .max()
        .ifPresent(
            newest ->
                nodes.merge(
                    node,
                    new Node(newest, false, ""),
                    (old, _) -> new Node(old.aliveAtMillis, false, old.address)));
    for (SessionRow row : newRows) {
      rows.merge(row.session(), HistoryRow.of(node, row), HistoryRow::newerOr);
      if (row.closed()) {
        seen(row.user(), row.lastSignOfLifeMillis());
      }
    }
    for (WishRow row : wishes) {
      FakeUser user = users.get(row.user());
      if (user != null) {
        user.wish = Wish.newer(user.wish, row.wish());
      }
    }
    cursors.merge(node, cursor, (a, b) -> a.reached(b) ? a : b);
    answer();
  }

  private void seen(UserId id, long atMillis) {
    FakeUser user = users.get(id);
    if (user != null) {
      user.lastSeenMillis = Math.max(user.lastSeenMillis, atMillis);
    }
  }

  @Override
  public void alive(NodeId node, String address, long startedAtMillis, long nowMillis) {
    requireReachable();
    Node before = nodes.get(node);
    long aliveAt = before == null ? nowMillis : Math.max(before.aliveAtMillis, nowMillis);
    nodes.put(node, new Node(aliveAt, false, address));
    answer();
  }

  @Override
  public List<String> openAddresses() {
    requireReachable();
    return nodes.values().stream()
        .filter(node -> !node.ended && !node.address.isEmpty())
        .sorted(Comparator.comparingLong(node -> -node.aliveAtMillis))
        .map(node -> node.address)
        .distinct()
        .limit(Limits.ACQUAINTANCES)
        .toList();
  }

  @Override
  public Map<NodeId, Long> openNodes() {
    requireReachable();
    Map<NodeId, Long> open = new LinkedHashMap<>();
    nodes.forEach(
        (id, node) -> {
          if (!node.ended) {
            open.put(id, node.aliveAtMillis);
          }
        });
    return open;
  }

  @Override
  public int closeLost(NodeId node, long epoch, long lastRenewalMillis, long nowMillis) {
    requireReachable();
    int closed = 0;
    for (HistoryRow row : openIn(node)) {
      if (row.epoch() <= epoch) {
        long lastSign = Math.max(row.lastSignOfLifeMillis(), lastRenewalMillis);
        rows.put(row.session(), row.lost(lastSign, nowMillis));
        seen(row.user(), lastSign);
        closed++;
      }
    }
    if (openIn(node).isEmpty()) {
      end(node);
    }
    answer();
    return closed;
  }

  private List<HistoryRow> openIn(NodeId node) {
    return rows.values().stream().filter(row -> row.open() && row.node().equals(node)).toList();
  }

  @Override
  public void ended(NodeId node, long nowMillis) {
    requireReachable();
    end(node);
    answer();
  }

  private void end(NodeId node) {
    nodes.computeIfPresent(node, (_, old) -> new Node(old.aliveAtMillis, true, old.address));
  }

  @Override
  public Position cursor(NodeId node) {
    requireReachable();
    return cursors.getOrDefault(node, Position.NONE);
  }

  @Override
  public long openEpoch(NodeId node) {
    requireReachable();
    return openIn(node).stream().mapToLong(HistoryRow::epoch).max().orElse(0);
  }

  @Override
  public List<SessionRow> openRows(NodeId node) {
    requireReachable();
    return openIn(node).stream().map(HistoryRow::whileOpen).toList();
  }

  // Users and contacts.

  @Override
  public Map<UserId, StoredRoster> rosters(Collection<UserId> asked) {
    requireReachable();
    Map<UserId, StoredRoster> rosters = new LinkedHashMap<>();
    for (UserId id : new TreeSet<>(asked)) {
      FakeUser user = users.get(id);
      if (user != null) {
        List<StoredContact> contacts = new ArrayList<>();
        user.contacts.forEach(
            (contactId, contact) ->
                contacts.add(
                    new StoredContact(contactId, contact.name, contact.contacts.containsKey(id))));
        rosters.put(id, new StoredRoster(user.wish, contacts));
      }
    }
    return rosters;
  }

  @Override
  public Map<UserId, StoredUser> users(Collection<UserId> asked) {
    requireReachable();
    Map<UserId, StoredUser> found = new LinkedHashMap<>();
    for (UserId id : new TreeSet<>(asked)) {
      FakeUser user = users.get(id);
      if (user != null) {
        found.put(id, new StoredUser(user.name, user.lastSeenMillis, user.wish));
      }
    }
    return found;
  }

  @Override
  public List<ListedUser> directory(String afterName, String afterId, int limit) {
    requireReachable();
    Comparator<ListedUser> order =
        Comparator.comparing(ListedUser::name, FakePostgres::compareCodePoints)
            .thenComparing(ListedUser::user);
    return users.entrySet().stream()
        .map(user -> new ListedUser(user.getKey(), user.getValue().name))
        .filter(
            user -> {
              int byName = compareCodePoints(user.name(), afterName);
              return byName > 0 || (byName == 0 && user.user().value().compareTo(afterId) > 0);
            })
        .sorted(order)
        .limit(limit)
        .toList();
  }

  /** As the bytes of UTF-8 compare; {@code char}s do not, where there are surrogates. */
  private static int compareCodePoints(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  // Faults.

  private void requireReachable() {
    if (away) {
      throw new IllegalStateException("PostgreSQL is away");
    }
  }

  private void answer() {
    if (answersToLose > 0) {
      answersToLose--;
      throw new IllegalStateException("PostgreSQL's answer is lost");
    }
  }

  private static void requireDifferent(List<?> keys) {
    if (keys.stream().distinct().count() < keys.size()) {
      throw new IllegalArgumentException("one batch changes a row twice: " + keys);
    }
  }
}
