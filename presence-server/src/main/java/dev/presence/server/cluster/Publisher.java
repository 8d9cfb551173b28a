package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this node's part: at once when idle; while a change set is in flight, changes gather for
 * the next one. On a timeout the same change set is tried again until an answer comes. When the
 * store has lost our history, all of it is written again in a new epoch. Belongs to the cluster's
 * loop.
 */
final class Publisher {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private static final long RETRY_MILLIS = 100;

  private static final long FLUSH_CHECK_MILLIS = 10;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final Contact contact;
  private final Consumer<ChangeSet> onPublished;
  private final Runnable onAcknowledged;

  /** What our session map holds once everything is acknowledged. */
  private final Map<SessionKey, SessionRecord> mirror = new LinkedHashMap<>();

  /** What has not departed yet, the newest for each session. */
  private final Map<SessionKey, Change> waiting = new LinkedHashMap<>();

  private @Nullable Flight flight;
  private Position acknowledged = Position.NONE;
  private boolean established;

  /** A record or a removal, since when it waits, and who is to be told that it is acknowledged. */
  private record Change(
      @Nullable SessionRecord record,
      @Nullable SessionKey removal,
      long sinceMillis,
      List<Runnable> acks) {}

  /**
   * What is under way to the store. Compared by identity: an answer to an earlier flight means
   * nothing.
   */
  private static final class Flight {
    final ChangeSet changeSet;
    final @Nullable Rewrite rewrite;
    final List<Runnable> acks;
    final long sinceMillis;

    Flight(ChangeSet changeSet, @Nullable Rewrite rewrite, List<Runnable> acks, long sinceMillis) {
      this.changeSet = changeSet;
      this.rewrite = rewrite;
      this.acks = acks;
      this.sinceMillis = sinceMillis;
    }
  }

  /**
   * A publisher that has not published anything.
   *
   * @param onPublished told of each change set that the store has, for the history
   * @param onAcknowledged runs after each one
   */
  Publisher(
      EventLoop loop,
      ClusterStore store,
      NodeId self,
      Contact contact,
      Consumer<ChangeSet> onPublished,
      Runnable onAcknowledged) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    this.contact = contact;
    this.onPublished = onPublished;
    this.onAcknowledged = onAcknowledged;
  }

  void publish(SessionRecord record, @Nullable Runnable onAcknowledged) {
    SessionKey key = record.key();
    mirror.put(key, record);
    List<Runnable> acks = onAcknowledged == null ? List.of() : List.of(onAcknowledged);
    enqueue(key, new Change(record, null, loop.nowMillis(), acks));
  }

  void remove(SessionKey removal) {
    if (mirror.remove(removal) != null) {
      enqueue(removal, new Change(null, removal, loop.nowMillis(), List.of()));
    }
  }

  /** Removes a tombstone, if that is what we still say of its session. */
  void forget(SessionRecord tombstone) {
    if (tombstone.equals(mirror.get(tombstone.key()))) {
      remove(tombstone.key());
    }
  }

  private void enqueue(SessionKey session, Change change) {
    waiting.merge(session, change, Publisher::conflate);
    pump();
  }

  private static Change conflate(Change older, Change newer) {
    List<Runnable> acks = new ArrayList<>(older.acks);
    acks.addAll(newer.acks);
    return new Change(newer.record, newer.removal, older.sinceMillis, acks);
  }

  private void pump() {
    if (!established || flight != null || waiting.isEmpty()) {
      return;
    }
    Position next = new Position(acknowledged.epoch(), acknowledged.seq() + 1);
    depart(gather(next, acknowledged.seq(), null, Limits.CHANGE_SET_ENTRIES, null));
  }

  /** Takes up to {@code limit} waiting changes on board, beside those of an interrupted flight. */
  private Flight gather(
      Position position,
      long previousSeq,
      @Nullable Rewrite rewrite,
      int limit,
      @Nullable Flight interrupted) {
    List<SessionRecord> records = new ArrayList<>();
    List<SessionKey> removals = new ArrayList<>();
    List<Runnable> acks = new ArrayList<>();
    long since = loop.nowMillis();
    if (interrupted != null) {
      records.addAll(interrupted.changeSet.records());
      removals.addAll(interrupted.changeSet.removals());
      acks.addAll(interrupted.acks);
      since = interrupted.sinceMillis;
    }
    Iterator<Change> changes = waiting.values().iterator();
    for (int taken = 0; changes.hasNext() && taken < limit; taken++) {
      Change change = changes.next();
      changes.remove();
      acks.addAll(change.acks);
      since = Math.min(since, change.sinceMillis);
      if (change.record != null) {
        records.add(change.record);
      } else if (change.removal != null) {
        removals.add(change.removal);
      }
    }
    return new Flight(
        new ChangeSet(self, position, previousSeq, rewrite != null, records, removals),
        rewrite,
        acks,
        since);
  }

  /**
   * Writes all of our part again, unless that is under way. What was in flight or waits is part of
   * it.
   *
   * @param storedEpoch the epoch to rise above, 0 if none is stored
   */
  void rewrite(long storedEpoch) {
    if (!rewriting()) {
      startRewrite(storedEpoch);
    }
  }

  private void startRewrite(long storedEpoch) {
    established = false;
    Flight interrupted = flight;
    long previous =
        interrupted == null ? acknowledged.seq() : interrupted.changeSet.position().seq();
    long epoch = Math.max(acknowledged.epoch(), storedEpoch) + 1;
    log.atInfo()
        .addKeyValue("epoch", epoch)
        .addKeyValue("sessions", mirror.size())
        .log("writing this node's part in a new epoch");
    Position end = new Position(epoch, previous + 1);
    Rewrite rewrite = new Rewrite(store, self, end, List.copyOf(mirror.values()));
    depart(gather(end, previous, rewrite, Integer.MAX_VALUE, interrupted));
  }

  private void depart(Flight departing) {
    flight = departing;
    send(departing);
  }

  private void send(Flight sent) {
    if (flight != sent) {
      return;
    }
    Rewrite rewrite = sent.rewrite;
    var _ =
        (rewrite == null ? store.publish(sent.changeSet) : rewrite.send())
            .whenCompleteAsync((done, failure) -> answered(sent, done, failure), loop);
  }

  private void answered(Flight sent, @Nullable Boolean done, @Nullable Throwable failure) {
    if (failure == null) {
      contact.answered(loop.nowMillis());
    }
    if (flight != sent) {
      return;
    }
    if (failure != null || done == null) {
      log.atDebug().setCause(failure).log("publishing got no answer, trying again");
      loop.schedule(RETRY_MILLIS, () -> send(sent));
    } else if (done) {
      advance(sent);
    } else {
      log.atWarn()
          .addKeyValue("position", sent.changeSet.position())
          .log("the store refused a change set: it lost this node's history");
      contact.interrupt(loop.nowMillis());
      startRewrite(sent.changeSet.position().epoch());
    }
  }

  private void advance(Flight sent) {
    Rewrite rewrite = sent.rewrite;
    if (rewrite != null) {
      rewrite.advance();
      if (!rewrite.over()) {
        send(sent);
        return;
      }
    }
    flight = null;
    established = true;
    acknowledged = sent.changeSet.position();
    sent.acks.forEach(Runnable::run);
    onPublished.accept(sent.changeSet);
    onAcknowledged.run();
    pump();
  }

  /** The last acknowledged change set. */
  Position acknowledged() {
    return acknowledged;
  }

  /** Whether our part stands in the store. */
  boolean established() {
    return established;
  }

  /** Whether all of our part is being written again. */
  boolean rewriting() {
    return flight != null && flight.rewrite != null;
  }

  /** How many sessions this node has published, tombstones included. */
  int size() {
    return mirror.size();
  }

  /**
   * Completes {@code flushed} when everything is acknowledged. If that takes longer than {@code
   * atMostMillis}, what is not is told as if it were: nobody will publish it any more.
   */
  void flush(CompletableFuture<Void> flushed, long atMostMillis) {
    awaitIdle(flushed);
    loop.schedule(
        atMostMillis,
        () -> {
          if (!flushed.isDone()) {
            onPublished.accept(unacknowledged());
            flushed.complete(null);
          }
        });
  }

  /** Completes {@code whole} when no part stands half written in the store, or the time is over. */
  void awaitWhole(CompletableFuture<Void> whole, long atMostMillis) {
    if (established || atMostMillis <= 0) {
      whole.complete(null);
    } else {
      var _ =
          loop.schedule(
              FLUSH_CHECK_MILLIS, () -> awaitWhole(whole, atMostMillis - FLUSH_CHECK_MILLIS));
    }
  }

  private void awaitIdle(CompletableFuture<Void> flushed) {
    if (idle() || flushed.isDone()) {
      flushed.complete(null);
    } else {
      var _ = loop.schedule(FLUSH_CHECK_MILLIS, () -> awaitIdle(flushed));
    }
  }

  /** What the store has not acknowledged, as one change set that never departs. */
  private ChangeSet unacknowledged() {
    List<SessionRecord> records = new ArrayList<>();
    if (flight != null) {
      records.addAll(flight.changeSet.records());
    }
    waiting.values().forEach(change -> Optional.ofNullable(change.record).ifPresent(records::add));
    return new ChangeSet(self, acknowledged, acknowledged.seq(), false, records, List.of());
  }

  /** How many changes have not departed yet. */
  int waiting() {
    return waiting.size();
  }

  /** Whether everything is acknowledged. */
  private boolean idle() {
    return flight == null && waiting.isEmpty();
  }

  /** For how long the oldest change has waited for its acknowledgement. */
  long behindMillis() {
    return Math.max(0, loop.nowMillis() - oldestSince());
  }

  /** Since when the oldest change waits for its acknowledgement; the end of time if none does. */
  long oldestSince() {
    if (flight != null) {
      return flight.sinceMillis;
    }
    Iterator<Change> oldest = waiting.values().iterator();
    return oldest.hasNext() ? oldest.next().sinceMillis : Long.MAX_VALUE;
  }
}
