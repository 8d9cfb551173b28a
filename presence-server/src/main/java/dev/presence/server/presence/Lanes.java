package dev.presence.server.presence;

import dev.presence.server.cluster.ReplicaSink;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** All lanes: spreads what comes over them by user. Thread-safe, and nothing blocks. */
public final class Lanes implements ReplicaSink {

  private final List<Lane> lanes;

  /**
   * Makes a lane on each loop.
   *
   * @param self this node
   * @param tombstoneMillis how long ended sessions are remembered
   * @param whenCaughtUp see {@link Lane}
   */
  public Lanes(
      List<? extends EventLoop> loops,
      NodeId self,
      long tombstoneMillis,
      Consumer<Runnable> whenCaughtUp) {
    lanes = new ArrayList<>();
    for (EventLoop loop : loops) {
      lanes.add(new Lane(loop, self, tombstoneMillis, whenCaughtUp));
    }
  }

  /** The lanes, in their order. */
  public List<Lane> all() {
    return lanes;
  }

  /** The lane of a user. */
  public Lane of(UserId user) {
    return lanes.get(index(user));
  }

  private int index(UserId user) {
    int hash = user.value().hashCode();
    return Math.floorMod(hash ^ (hash >>> 16), lanes.size());
  }

  /** What watchers of this user have been told. */
  public Presence told(UserId user) {
    return of(user).told(user);
  }

  /** Whether watchers of this user have been told that it is offline, or nothing. */
  public boolean isOffline(UserId user) {
    return told(user).state() == PresenceState.OFFLINE;
  }

  /**
   * Registers interest in many users, and puts into the outbox where those who are not offline
   * stand.
   *
   * @param then runs on some lane when that is done
   */
  public void watch(Outbox watcher, Collection<UserId> presentities, Runnable then) {
    spread(presentities, user -> user, (lane, part) -> lane.watch(watcher, part), then);
  }

  /** Puts last seen times into the outbox of those who are offline still; see {@link #watch}. */
  public void lastSeen(Outbox watcher, Map<UserId, Long> storedMillis, Runnable then) {
    spread(
        storedMillis.entrySet(),
        Map.Entry::getKey,
        (lane, part) -> {
          Map<UserId, Long> ofLane = new LinkedHashMap<>();
          part.forEach(entry -> ofLane.put(entry.getKey(), entry.getValue()));
          lane.lastSeen(watcher, ofLane);
        },
        then);
  }

  /** Those of some sessions that a node carries, as far as this server knows. */
  public CompletionStage<Set<SessionKey>> known(Collection<SessionKey> sessions) {
    Set<SessionKey> known = ConcurrentHashMap.newKeySet();
    CompletableFuture<Set<SessionKey>> answer = new CompletableFuture<>();
    spread(
        sessions,
        SessionKey::user,
        (lane, part) ->
            part.stream()
                .filter(session -> lane.find(session.id(), session.user()) != null)
                .forEach(known::add),
        () -> answer.complete(known));
    return answer;
  }

  /** Runs {@code then}, on some lane, once all that was handed to the lanes by now is applied. */
  public void whenApplied(Runnable then) {
    AtomicInteger open = new AtomicInteger(lanes.size());
    lanes.forEach(
        lane ->
            lane.run(
                () -> {
                  if (open.decrementAndGet() == 0) {
                    then.run();
                  }
                }));
  }

  /** Ends all interest of a watcher. */
  public void unwatch(Outbox watcher) {
    lanes.forEach(lane -> lane.run(() -> lane.unwatch(watcher)));
  }

  @Override
  public void apply(ChangeSet changeSet) {
    List<List<SessionRecord>> records = split(changeSet.records(), SessionRecord::user);
    List<List<SessionKey>> removals = split(changeSet.removals(), SessionKey::user);
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      List<SessionRecord> itsRecords = records.get(i);
      List<SessionKey> itsRemovals = removals.get(i);
      if (!itsRecords.isEmpty() || !itsRemovals.isEmpty()) {
        lane.run(() -> lane.apply(changeSet.node(), itsRecords, itsRemovals));
      }
    }
  }

  @Override
  public void replace(NodeId node, List<SessionRecord> records) {
    List<List<SessionRecord>> split = split(records, SessionRecord::user);
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      List<SessionRecord> part = split.get(i);
      lane.run(() -> lane.replace(node, part));
    }
  }

  @Override
  public void drop(NodeId node, long lastRenewalMillis) {
    lanes.forEach(lane -> lane.run(() -> lane.drop(node, lastRenewalMillis)));
  }

  /**
   * How much of what all lanes hold together, by name. What is remembered for a while after its
   * user has left is called so.
   */
  public CompletionStage<Map<String, Integer>> sizes() {
    CompletableFuture<Map<String, Integer>> sizes = new CompletableFuture<>();
    Map<String, Integer> sum = new ConcurrentSkipListMap<>();
    AtomicInteger open = new AtomicInteger(lanes.size());
    lanes.forEach(
        lane ->
            lane.run(
                () -> {
                  lane.sizes((name, size) -> sum.merge(name, size, Integer::sum));
                  if (open.decrementAndGet() == 0) {
                    sizes.complete(sum);
                  }
                }));
    return sizes;
  }

  @Override
  public void staleness(boolean stale, long asOfMillis) {
    lanes.forEach(lane -> lane.run(() -> lane.local().staleness(stale, asOfMillis)));
  }

  @Override
  public void backFromLost(Runnable done) {
    AtomicInteger open = new AtomicInteger(lanes.size());
    lanes.forEach(
        lane ->
            lane.run(
                () -> {
                  lane.local().backFromLost();
                  if (open.decrementAndGet() == 0) {
                    done.run();
                  }
                }));
  }

  private <T> void spread(
      Collection<T> items,
      Function<T, UserId> user,
      BiConsumer<Lane, List<T>> action,
      Runnable then) {
    List<List<T>> split = split(items, user);
    AtomicInteger open = new AtomicInteger(lanes.size());
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      List<T> part = split.get(i);
      lane.run(
          () -> {
            if (!part.isEmpty()) {
              action.accept(lane, part);
            }
            if (open.decrementAndGet() == 0) {
              then.run();
            }
          });
    }
  }

  private <T> List<List<T>> split(Collection<T> items, Function<T, UserId> user) {
    List<List<T>> split = new ArrayList<>(lanes.size());
    for (int i = 0; i < lanes.size(); i++) {
      split.add(new ArrayList<>());
    }
    for (T item : items) {
      split.get(index(user.apply(item))).add(item);
    }
    return split;
  }
}
