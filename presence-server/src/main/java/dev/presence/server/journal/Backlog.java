package dev.presence.server.journal;

import dev.presence.server.journal.Spill.Amount;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Limits;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what waits for the history out of the heap: so many rows wait in memory, and what comes
 * after them where it was published, in this node's own stream. It is read back from there, some at
 * a time, once the rows before it are written. At the bound the oldest is let go of, and counted.
 * Belongs to the journal's loop.
 *
 * <p>Rows may be written twice, and out of their order: each says whether it is newer.
 */
final class Backlog {

  private static final Logger log = LoggerFactory.getLogger(Backlog.class);

  /** So much is let go of at a time that it is told now and then, and not at each change. */
  private static final double KEPT_AT_THE_BOUND = 0.95;

  private final EventLoop loop;
  private final SharedClock clock;
  private final Ledger ledger;
  private final RowWriter writer;
  private final OwnStream stream;
  private final BacklogRules rules;
  private final Backoff backoff = new Backoff();

  /** What waits in the stream; null: nothing does. */
  private @Nullable Spill spill;

  /** The newest change set. */
  private long latest;

  private long alarmRows;
  private long lostRows;
  private boolean holes;
  private @Nullable CompletableFuture<Void> drained;

  Backlog(
      EventLoop loop,
      SharedClock clock,
      Ledger ledger,
      RowWriter writer,
      OwnStream stream,
      BacklogRules rules) {
    this.loop = loop;
    this.clock = clock;
    this.ledger = ledger;
    this.writer = writer;
    this.stream = stream;
    this.rules = rules;
    alarmRows = rules.alarmRows();
  }

  /** A change set of this node is acknowledged. */
  void add(ChangeSet changeSet) {
    long seq = changeSet.position().seq();
    List<SessionRow> rows = ledger.enter(changeSet, clock.nowMillis());
    // What a reset or a last word tells stands in no stream.
    boolean published = !changeSet.reset() && seq > latest;
    if (spill == null && published && writer.waiting() >= rules.heldRows()) {
      begin();
    }
    if (spill == null) {
      writer.add(changeSet.position(), rows);
    } else if (published) {
      leave(spill, changeSet, rows.size());
    } else {
      writer.add(rows);
      changeSet.records().forEach(this::addWish);
      if (seq > latest) {
        spill.add(changeSet, 0, clock.nowMillis());
      }
    }
    latest = Math.max(latest, seq);
    raiseAlarm();
  }

  private void begin() {
    spill = new Spill(latest);
    log.atWarn()
        .addKeyValue("rows", writer.waiting())
        .log("rows that wait are many: what comes after them waits in Redis");
    readOn();
  }

  private void leave(Spill waiting, ChangeSet changeSet, int rows) {
    if (changeSet.position().seq() <= waiting.readTo()) {
      return; // It was read back before its acknowledgement was heard of.
    }
    waiting.add(changeSet, rows, clock.nowMillis());
    if (waiting.waiting().changes() > rules.bound()) {
      lose(waiting.shrink((long) (rules.bound() * KEPT_AT_THE_BOUND)));
      stream.trim(waiting.readTo() + 1);
    }
  }

  /** Keeps what a user wishes, unless it can be read back. */
  void add(UserId user, Wish wish) {
    if (spill == null || writer.waiting() < rules.heldRows()) {
      writer.add(user, wish);
    }
  }

  private void addWish(SessionRecord record) {
    if (record.wish().atMillis() > 0) {
      writer.add(record.user(), record.wish());
    }
  }

  /** How many rows and wishes are not written yet, wherever they wait. */
  long waiting() {
    return writer.waiting() + (spill == null ? 0 : spill.waiting().rows());
  }

  /** Whether a row of this session may not be written yet. */
  boolean concerns(SessionKey session) {
    return spill != null || writer.concerns(session);
  }

  /** The stage completes when nothing waits any more. */
  CompletableFuture<Void> drain() {
    if (spill == null) {
      return writer.drain();
    }
    CompletableFuture<Void> done = drained == null ? new CompletableFuture<>() : drained;
    drained = done;
    return done;
  }

  private void raiseAlarm() {
    long rows = waiting();
    if (rows >= alarmRows) {
      log.atError()
          .addKeyValue("rows", rows)
          .addKeyValue("bound", rules.bound())
          .log("the journal is behind");
      alarmRows = 2 * rows;
    } else if (rows < rules.alarmRows() / 2) {
      alarmRows = rules.alarmRows();
    }
  }

  private void lose(Amount lost) {
    holes = true;
    lostRows += lost.rows();
    log.atError()
        .addKeyValue("changes", lost.changes())
        .addKeyValue("rows", lost.rows())
        .addKeyValue("rowsInAll", lostRows)
        .log("changes were dropped before PostgreSQL had them");
  }

  private void readOn() {
    var _ = writer.drain().thenRun(this::read);
  }

  private void read() {
    Spill waiting = spill;
    if (waiting != null) {
      long published = waiting.last();
      var _ =
          stream
              .after(waiting.readTo(), Limits.READ_BACK_CHANGE_SETS)
              .whenCompleteAsync(
                  (changes, failure) -> {
                    if (failure == null) {
                      take(waiting, changes, published);
                    } else {
                      log.atDebug().setCause(failure).log("reading back failed, trying again");
                      loop.schedule(backoff.nextMillis(), this::read);
                    }
                  },
                  loop);
    }
  }

  private void take(Spill waiting, List<ChangeSet> changes, long published) {
    backoff.reset();
    // Opens that it does not know of are written once more, and change nothing.
    Ledger replay = new Ledger();
    for (ChangeSet changeSet : changes) {
      long seq = changeSet.position().seq();
      if (seq > waiting.readTo()) {
        skip(waiting, waiting.before(seq));
        long atMillis = waiting.timeOf(seq, clock.nowMillis());
        writer.add(changeSet.position(), replay.enter(changeSet, atMillis));
        changeSet.records().forEach(this::addWish);
        waiting.advance(seq);
      }
    }
    if (changes.isEmpty()) {
      // What came since was not to be expected among them.
      skip(waiting, published);
    }
    if (waiting.over()) {
      end();
    } else {
      readOn();
    }
  }

  /** The store does not have what comes up to {@code seq} any more. */
  private void skip(Spill waiting, long seq) {
    if (waiting.readTo() < seq) {
      lose(waiting.advance(seq));
    }
  }

  private void end() {
    spill = null;
    if (holes) {
      // Of those that are still open, the row at least.
      writer.add(ledger.openRows());
      holes = false;
    }
    log.atInfo().addKeyValue("lostRows", lostRows).log("what waited in Redis has been read back");
    if (drained != null) {
      CompletableFuture<Void> done = drained;
      drained = null;
      var _ = writer.drain().thenRun(() -> done.complete(null));
    }
  }
}
