package dev.presence.server.presence;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One lane's copy of the sessions that all nodes own, and the rules by which they merge into what
 * is seen of a user. No threads, no clock, no I/O: times are parameters. Belongs to the lane's
 * loop.
 */
final class Replica {

  /** How long a wish is remembered after it was last heard of: longer than the history may lag. */
  private static final long WISH_MILLIS = 3_600_000;

  /**
   * The sessions of each user, in the order in which they appeared. A user without sessions has no
   * entry.
   */
  private final Map<UserId, User> users = new HashMap<>();

  /** The inverse: whose sessions each node has. */
  private final Map<NodeId, Map<SessionId, UserId>> byNode = new HashMap<>();

  /**
   * Sessions that have ended, with the attempt up to which: no late message brings them back. An id
   * is good only with its user.
   */
  private final Map<SessionKey, Integer> tombstones = new HashMap<>();

  /**
   * When users were last seen in sessions that ended before anything else was known of them: to a
   * server that has just started, a tombstone may come before a session that still counts.
   */
  private final Map<UserId, Long> lastSigns = new HashMap<>();

  private final Queue<Expiry> expiries = new ArrayDeque<>();

  /**
   * The newest wish heard of each user, from sessions that have ended too: the history may lag
   * behind.
   */
  private final Map<UserId, Wish> wishes = new HashMap<>();

  private final Queue<WishExpiry> wishExpiries = new ArrayDeque<>();

  private record WishExpiry(UserId user, Wish wish, long atMillis) {}

  private record Entry(NodeId node, SessionRecord record) {}

  private record Expiry(SessionKey session, int attempt, long lastSignMillis, long atMillis) {}

  private static final class User {
    final List<Entry> entries = new ArrayList<>(1);
    long lastSeenMillis;
  }

  /**
   * What is known of a session.
   *
   * @param attempt the highest attempt known
   * @param closed whether that attempt has ended
   * @param record the record with that attempt; null for a tombstone
   * @param node whose record that is; null for a tombstone
   */
  record Known(
      int attempt, boolean closed, @Nullable SessionRecord record, @Nullable NodeId node) {}

  /**
   * Takes in a session's record. A CLOSED one ends every entry of that session, on whatever node,
   * whose attempt is not higher.
   *
   * @param forgetAtMillis when a tombstone's time is over, on the lane's clock
   */
  void apply(NodeId node, SessionRecord record, long forgetAtMillis) {
    remember(record.user(), record.wish(), forgetAtMillis + WISH_MILLIS);
    if (record.phase() == Phase.CLOSED) {
      bury(record, forgetAtMillis);
    } else if (tombstones.getOrDefault(record.key(), 0) < record.attempt()) {
      put(node, record);
    }
  }

  private void remember(UserId user, Wish wish, long forgetAtMillis) {
    Wish newest = wishes.getOrDefault(user, Wish.NONE);
    if (wish.atMillis() > newest.atMillis()) {
      wishes.put(user, wish);
      wishExpiries.add(new WishExpiry(user, wish, forgetAtMillis));
    }
  }

  private void put(NodeId node, SessionRecord record) {
    List<Entry> entries = users.computeIfAbsent(record.user(), this::appeared).entries;
    Entry entry = new Entry(node, record);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).node.equals(node) && entries.get(i).record.id().equals(record.id())) {
        entries.set(i, entry);
        return;
      }
    }
    entries.add(entry);
    byNode.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(record.id(), record.user());
  }

  private User appeared(UserId owner) {
    User user = new User();
    user.lastSeenMillis = lastSigns.getOrDefault(owner, 0L);
    return user;
  }

  private void bury(SessionRecord closed, long forgetAtMillis) {
    long lastSign = closed.lastSignOfLifeMillis();
    tombstones.merge(closed.key(), closed.attempt(), Math::max);
    expiries.add(new Expiry(closed.key(), closed.attempt(), lastSign, forgetAtMillis));
    User user = users.get(closed.user());
    if (user == null) {
      lastSigns.merge(closed.user(), lastSign, Math::max);
      return;
    }
    user.lastSeenMillis = Math.max(user.lastSeenMillis, lastSign);
    for (Entry entry : List.copyOf(user.entries)) {
      if (entry.record.id().equals(closed.id()) && entry.record.attempt() <= closed.attempt()) {
        unlink(user, entry);
      }
    }
  }

  /**
   * Drops a session of a node.
   *
   * @param endedAtMillis the last sign of life if the session has ended with it, 0 if it goes on
   *     elsewhere
   * @return whether there was one
   */
  boolean remove(NodeId node, SessionId session, UserId owner, long endedAtMillis) {
    User user = users.get(owner);
    if (user == null) {
      return false;
    }
    for (Entry entry : user.entries) {
      if (entry.node.equals(node) && entry.record.id().equals(session)) {
        unlink(user, entry);
        user.lastSeenMillis = Math.max(user.lastSeenMillis, endedAtMillis);
        return true;
      }
    }
    return false;
  }

  private void unlink(User user, Entry entry) {
    user.entries.remove(entry);
    Map<SessionId, UserId> ofNode = byNode.get(entry.node);
    if (ofNode != null) {
      ofNode.remove(entry.record.id());
      if (ofNode.isEmpty()) {
        byNode.remove(entry.node);
      }
    }
  }

  /**
   * Puts {@code records} in place of all that was known of a node.
   *
   * @param onMoved told of sessions that the node does not have any more, and did not end
   * @return the users whose sessions may have changed
   */
  Set<UserId> replace(
      NodeId node,
      Collection<SessionRecord> records,
      long forgetAtMillis,
      Consumer<SessionKey> onMoved) {
    Map<SessionId, UserId> missing = new LinkedHashMap<>(byNode.getOrDefault(node, Map.of()));
    Set<UserId> touched = new LinkedHashSet<>();
    for (SessionRecord record : records) {
      missing.remove(record.id());
      apply(node, record, forgetAtMillis);
      touched.add(record.user());
    }
    missing.forEach(
        (session, user) -> {
          SessionRecord gone = find(node, session, user);
          if (gone != null) {
            remove(node, session, user, gone.lastSignOfLifeMillis());
            onMoved.accept(gone.key());
          }
          touched.add(user);
        });
    return touched;
  }

  private @Nullable SessionRecord find(NodeId node, SessionId session, UserId owner) {
    User user = users.get(owner);
    if (user != null) {
      for (Entry entry : user.entries) {
        if (entry.node.equals(node) && entry.record.id().equals(session)) {
          return entry.record;
        }
      }
    }
    return null;
  }

  /**
   * Drops up to {@code limit} sessions of a lost node; the users they belonged to, none when
   * nothing is left.
   */
  Set<UserId> dropSome(NodeId node, long lastRenewalMillis, int limit) {
    Set<UserId> touched = new LinkedHashSet<>();
    List<Map.Entry<SessionId, UserId>> some =
        byNode.getOrDefault(node, Map.of()).entrySet().stream()
            .limit(limit)
            .map(Map.Entry::copyOf)
            .toList();
    for (Map.Entry<SessionId, UserId> entry : some) {
      SessionRecord record = find(node, entry.getKey(), entry.getValue());
      long lastSign =
          record != null && record.phase() == Phase.SUSPENDED
              ? record.lastSignOfLifeMillis()
              : lastRenewalMillis;
      remove(node, entry.getKey(), entry.getValue(), lastSign);
      touched.add(entry.getValue());
    }
    return touched;
  }

  /** What is known of a session of this user; null if nothing. */
  @Nullable Known find(SessionId session, UserId owner) {
    Entry best = null;
    User user = users.get(owner);
    if (user != null) {
      for (Entry entry : user.entries) {
        boolean higher = best == null || entry.record.attempt() > best.record.attempt();
        if (entry.record.id().equals(session) && higher) {
          best = entry;
        }
      }
    }
    int buried = tombstones.getOrDefault(new SessionKey(session, owner), 0);
    if (best != null && best.record.attempt() > buried) {
      return new Known(best.record.attempt(), false, best.record, best.node);
    }
    return buried > 0 ? new Known(buried, true, null, null) : null;
  }

  /** The user's newest wish heard of lately. */
  Wish wish(UserId owner) {
    return wishes.getOrDefault(owner, Wish.NONE);
  }

  /** What is seen of a user: of each session the entry with the highest attempt counts. */
  Presence merged(UserId owner) {
    User user = users.get(owner);
    if (user == null) {
      return Presence.offline(owner);
    }
    if (user.entries.isEmpty()) {
      return new Presence(owner, PresenceState.OFFLINE, user.lastSeenMillis);
    }
    Wish wish = Wish.NONE;
    boolean active = false;
    for (Entry entry : user.entries) {
      if (!superseded(user, entry)) {
        wish = Wish.newer(wish, entry.record.wish());
        active |= entry.record.activity() == Activity.ACTIVE;
      }
    }
    PresenceState state =
        wish.availability() == Availability.BUSY
            ? PresenceState.BUSY
            : active ? PresenceState.ONLINE : PresenceState.AWAY;
    return new Presence(owner, state, 0);
  }

  private static boolean superseded(User user, Entry entry) {
    for (Entry other : user.entries) {
      if (other.record.id().equals(entry.record.id())
          && other.record.attempt() > entry.record.attempt()) {
        return true;
      }
    }
    return false;
  }

  /** Makes sure that a user's last seen never goes back behind what was told before. */
  void seen(UserId owner, long lastSeenMillis) {
    User user = users.get(owner);
    if (user != null) {
      user.lastSeenMillis = Math.max(user.lastSeenMillis, lastSeenMillis);
    }
  }

  /** Forgets a user without sessions: all that is left of them has been told. */
  void forget(UserId owner) {
    User user = users.get(owner);
    if (user != null && user.entries.isEmpty()) {
      users.remove(owner);
    }
  }

  void sizes(ObjIntConsumer<String> each) {
    each.accept("users", users.size());
    each.accept("nodes", byNode.size());
    each.accept("tombstones", tombstones.size());
    each.accept("remembered wishes", wishes.size());
    each.accept("remembered last signs", lastSigns.size());
  }

  /** Forgets tombstones and wishes whose time is over. */
  void expire(long nowMillis) {
    for (Expiry head = expiries.peek();
        head != null && head.atMillis <= nowMillis;
        head = expiries.peek()) {
      expiries.remove();
      tombstones.remove(head.session, head.attempt);
      lastSigns.remove(head.session.user(), head.lastSignMillis);
    }
    for (WishExpiry head = wishExpiries.peek();
        head != null && head.atMillis <= nowMillis;
        head = wishExpiries.peek()) {
      wishExpiries.remove();
      forgetWish(head, nowMillis);
    }
  }

  /** A wish that live sessions carry is kept on, however old it is. */
  private void forgetWish(WishExpiry expired, long nowMillis) {
    if (users.containsKey(expired.user) && expired.wish.equals(wishes.get(expired.user))) {
      wishExpiries.add(new WishExpiry(expired.user, expired.wish, nowMillis + WISH_MILLIS));
    } else {
      wishes.remove(expired.user, expired.wish);
    }
  }
}
