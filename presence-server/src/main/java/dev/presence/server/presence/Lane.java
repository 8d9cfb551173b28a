package dev.presence.server.presence;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A share of the users: what is known of their sessions, who watches them, and what the watchers
 * have been told. Everything that touches these arrives as a task on the lane's loop, so there are
 * no locks.
 *
 * <p>The one rule of telling: <em>online at once, offline only when caught up</em>. A user whose
 * last session disappears is told offline only after everything that had happened anywhere by then
 * is in the replica, since the owner's drop may overtake the new owner's add.
 */
public final class Lane {

  /**
   * How long the new owner of a session is waited for: it learns of a loss with its next renewal,
   * and writes its part again.
   */
  private static final long MOVE_MILLIS = 3_000;

  private final EventLoop loop;
  private final NodeId self;
  private final long tombstoneMillis;
  private final Consumer<Runnable> whenCaughtUp;
  private final Replica replica = new Replica();
  private final InterestIndex interest = new InterestIndex();
  private final Told told;

  /**
   * Users who have no session left but were not told offline yet, with the number of the
   * disappearance.
   */
  private final Map<UserId, Long> leaving = new LinkedHashMap<>();

  /** Lost nodes of which sessions are left to drop. */
  private final Set<NodeId> dropping = new HashSet<>();

  /** The last move of each user of which the new owner has not been heard yet. */
  private final Map<UserId, Move> moving = new HashMap<>();

  /**
   * An owner dropped a session because it goes on elsewhere. The new owner's word is in the store
   * before the old one drops, but the store may lose it again: its owner then writes it anew, and
   * is waited for.
   */
  private record Move(SessionKey session, long untilMillis) {}

  private long disappearances;
  private boolean asking;

  /** Outboxes that were put something in since the last flush. */
  private final Set<Outbox> dirty = new LinkedHashSet<>();

  private @Nullable LocalSessions sessions;

  /**
   * Makes a lane.
   *
   * @param whenCaughtUp runs what it is given, on any thread, once all that had happened anywhere
   *     by now has been handed to this lane
   */
  Lane(EventLoop loop, NodeId self, long tombstoneMillis, Consumer<Runnable> whenCaughtUp) {
    this.loop = loop;
    this.self = self;
    this.tombstoneMillis = tombstoneMillis;
    this.whenCaughtUp = whenCaughtUp;
    told = new Told(loop);
  }

  /** Connects the sessions of this node. Called once, before anything else. */
  public void sessions(LocalSessions local) {
    sessions = local;
  }

  /** The lane's clock and timers. Tasks go through {@link #run}. */
  public EventLoop loop() {
    return loop;
  }

  /**
   * Runs a task on this lane, and then tells the writers of all outboxes that it put something in.
   */
  public void run(Runnable task) {
    loop.execute(() -> runAndFlush(task));
  }

  /** Runs a task on this lane later, see {@link #run}. */
  public EventLoop.Timer schedule(long delayMillis, Runnable task) {
    return loop.schedule(delayMillis, () -> runAndFlush(task));
  }

  private void runAndFlush(Runnable task) {
    try {
      task.run();
    } finally {
      replica.expire(loop.nowMillis());
      dirty.forEach(Outbox::flush);
      dirty.clear();
    }
  }

  // What this node's own sessions do.

  /** A session of this node has come, changed or ended. */
  public void own(SessionRecord record) {
    replica.apply(self, record, forgetAt());
    changed(record.user());
  }

  /** A session of this node goes on elsewhere. */
  public void ownMoved(SessionId session, UserId user) {
    replica.remove(self, session, user, 0);
    changed(user);
  }

  /** What is known of a session of this user, on any node; null if nothing. */
  public @Nullable SessionRecord find(SessionId session, UserId user) {
    Replica.Known known = replica.find(session, user);
    return known == null ? null : known.record();
  }

  /** The other node that carries a session now; null if there is none. */
  public @Nullable NodeId owner(SessionKey session) {
    Replica.Known known = replica.find(session.id(), session.user());
    return known == null || self.equals(known.node()) ? null : known.node();
  }

  /** The attempt with which a session of this user is known to have ended, 0 if it is not. */
  public int endedAt(SessionId session, UserId user) {
    Replica.Known known = replica.find(session, user);
    return known != null && known.closed() ? known.attempt() : 0;
  }

  /** A user's newest wish heard of lately, from sessions that have ended too. */
  public Wish wish(UserId user) {
    return replica.wish(user);
  }

  /** What became of this user cannot be told: shown as UNKNOWN until it can. */
  public void unknown(UserId user) {
    if (leaving.containsKey(user)) {
      tell(new Presence(user, PresenceState.UNKNOWN, 0));
    }
  }

  // What other nodes say.

  void apply(NodeId node, List<SessionRecord> records, List<SessionKey> removals) {
    for (SessionRecord record : records) {
      replica.apply(node, record, forgetAt());
      local().heard(node, record);
      changed(record.user());
    }
    for (SessionKey removal : removals) {
      if (replica.remove(node, removal.id(), removal.user(), 0)) {
        moved(removal);
        changed(removal.user());
      }
    }
  }

  void replace(NodeId node, List<SessionRecord> records) {
    // It has come back while its old sessions were dropped: what is left of them goes with this.
    dropping.remove(node);
    Set<UserId> touched = replica.replace(node, records, forgetAt(), this::moved);
    records.forEach(record -> local().heard(node, record));
    touched.forEach(this::changed);
  }

  void drop(NodeId node, long lastRenewalMillis) {
    dropping.add(node);
    dropMore(node, lastRenewalMillis);
  }

  private void dropMore(NodeId node, long lastRenewalMillis) {
    if (!dropping.contains(node)) {
      return;
    }
    Set<UserId> touched = replica.dropSome(node, lastRenewalMillis, Limits.DROPPED_SESSIONS);
    touched.forEach(this::changed);
    if (touched.isEmpty()) {
      dropping.remove(node);
    } else {
      run(() -> dropMore(node, lastRenewalMillis));
    }
  }

  LocalSessions local() {
    if (sessions == null) {
      throw new IllegalStateException("the lane has no sessions yet");
    }
    return sessions;
  }

  private void moved(SessionKey session) {
    if (replica.find(session.id(), session.user()) == null) {
      moving.put(session.user(), new Move(session, loop.nowMillis() + MOVE_MILLIS));
    }
  }

  /** Whether a session of this user is on its way from one owner to another. */
  private boolean isMoving(UserId user) {
    Move move = moving.get(user);
    return move != null
        && loop.nowMillis() < move.untilMillis
        && replica.find(move.session.id(), user) == null;
  }

  private long forgetAt() {
    return loop.nowMillis() + tombstoneMillis;
  }

  // What watchers are told.

  private void changed(UserId user) {
    Presence before = told.of(user);
    replica.seen(user, before.lastSeenMillis());
    Presence now = replica.merged(user);
    if (now.state() != PresenceState.OFFLINE) {
      leaving.remove(user);
      if (!isMoving(user)) {
        moving.remove(user);
      }
      if (!now.equals(before)) {
        tell(now);
      }
    } else if (before.state() != PresenceState.OFFLINE) {
      leaving.putIfAbsent(user, ++disappearances);
      ask();
    } else {
      if (now.lastSeenMillis() > before.lastSeenMillis()) {
        tell(now);
      }
      replica.forget(user);
    }
  }

  /** Asks whether we are caught up, on behalf of all who are leaving by now. */
  private void ask() {
    if (asking || leaving.isEmpty()) {
      return;
    }
    asking = true;
    long upTo = disappearances;
    whenCaughtUp.accept(() -> run(() -> caughtUp(upTo)));
  }

  private void caughtUp(long upTo) {
    asking = false;
    for (Map.Entry<UserId, Long> entry : List.copyOf(leaving.entrySet())) {
      if (entry.getValue() <= upTo) {
        UserId user = entry.getKey();
        if (isMoving(user)) {
          leaving.put(user, ++disappearances);
          continue;
        }
        leaving.remove(user);
        moving.remove(user);
        tell(replica.merged(user));
        replica.forget(user);
      }
    }
    ask();
  }

  private void tell(Presence presence) {
    SharedPresence shared = told.tell(presence);
    for (Outbox watcher : interest.watchers(presence.user())) {
      put(watcher, shared);
    }
  }

  private void put(Outbox watcher, SharedPresence shared) {
    watcher.put(shared);
    dirty.add(watcher);
  }

  /** What watchers of this user have been told. Callable from any thread. */
  Presence told(UserId user) {
    return told.of(user);
  }

  /** How much of what this lane holds, by name. */
  void sizes(ObjIntConsumer<String> each) {
    replica.sizes(each);
    interest.sizes(each);
    told.sizes(each);
    each.accept("leaving", leaving.size());
    each.accept("moving", moving.size());
    each.accept("dropping", dropping.size());
    local().sizes(each);
  }

  // Who watches.

  /**
   * Registers interest, and puts in where those who are not offline stand now. Subscribe first,
   * snapshot second, in one task.
   */
  void watch(Outbox watcher, Collection<UserId> presentities) {
    if (watcher.isClosed()) {
      return;
    }
    interest.watch(watcher, presentities);
    for (UserId presentity : presentities) {
      SharedPresence shared = told.shared(presentity);
      if (shared != null && shared.presence().state() != PresenceState.OFFLINE) {
        put(watcher, shared);
      }
    }
  }

  /** Puts in the last seen times of those who are still offline. */
  void lastSeen(Outbox watcher, Map<UserId, Long> storedMillis) {
    if (!interest.watches(watcher)) {
      return;
    }
    storedMillis.forEach(
        (user, stored) -> {
          Presence now = told.of(user);
          long lastSeen = Math.max(stored, now.lastSeenMillis());
          if (now.state() == PresenceState.OFFLINE && lastSeen > 0) {
            put(watcher, new SharedPresence(new Presence(user, now.state(), lastSeen)));
          }
        });
  }

  void unwatch(Outbox watcher) {
    interest.unwatch(watcher);
  }
}
