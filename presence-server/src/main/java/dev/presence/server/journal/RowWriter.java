package dev.presence.server.journal;

import dev.presence.server.journal.RowQueue.Batch;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows in batches, one batch at a time: a little after the first row, so that others can
 * join it, or at once when a batch is full. A batch that fails is tried again until it is written;
 * meanwhile the others wait. Belongs to the journal's loop.
 */
final class RowWriter {

  private static final Logger log = LoggerFactory.getLogger(RowWriter.class);

  private static final long GATHER_MILLIS = 100;

  /** A cursor without rows is in no hurry: it only lets the stream be trimmed. */
  private static final long CURSOR_MILLIS = 1_000;

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final NodeId node;
  private final RowQueue queue = new RowQueue();
  private final Backoff backoff = new Backoff();

  private Consumer<Position> onWritten = position -> {};
  private Position written = Position.NONE;
  private @Nullable Batch flight;
  private EventLoop.@Nullable Timer timer;
  private long timerAtMillis;
  private boolean failing;
  private @Nullable CompletableFuture<Void> drained;

  RowWriter(EventLoop loop, BlockingCalls calls, JournalSink sink, NodeId node) {
    this.loop = loop;
    this.calls = calls;
    this.sink = sink;
    this.node = node;
  }

  void onWritten(Consumer<Position> listener) {
    onWritten = listener;
  }

  void add(Position position, List<SessionRow> rows) {
    queue.add(position, rows);
    next();
  }

  /** Adds rows that come of no change set. */
  void add(List<SessionRow> rows) {
    add(queue.latest(), rows);
  }

  void add(UserId user, Wish wish) {
    queue.add(user, wish);
    next();
  }

  /** How many rows and wishes are not written yet. */
  int waiting() {
    return queue.size() + (flight == null ? 0 : flight.size());
  }

  /** Whether a row of this session is not written yet. */
  boolean concerns(SessionKey session) {
    return queue.concerns(session) || (flight != null && flight.concerns(session));
  }

  /** Writes all that waits without delay. The stage completes when nothing waits any more. */
  CompletableFuture<Void> drain() {
    CompletableFuture<Void> done = drained == null ? new CompletableFuture<>() : drained;
    drained = done;
    next();
    return done;
  }

  /** Decides when the next batch departs. */
  private void next() {
    if (flight != null) {
      return;
    }
    if (queue.size() == 0 && queue.latest().equals(written)) {
      if (drained != null) {
        CompletableFuture<Void> done = drained;
        drained = null;
        done.complete(null);
      }
    } else if (drained != null || queue.size() >= Limits.BATCH_ROWS) {
      flush();
    } else {
      flushIn(queue.size() == 0 ? CURSOR_MILLIS : GATHER_MILLIS);
    }
  }

  private void flushIn(long delayMillis) {
    long atMillis = loop.nowMillis() + delayMillis;
    if (timer != null) {
      if (timerAtMillis <= atMillis) {
        return;
      }
      timer.cancel();
    }
    timerAtMillis = atMillis;
    timer = loop.schedule(delayMillis, this::flush);
  }

  private void flush() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (flight == null) {
      Batch batch = queue.take();
      flight = batch;
      send(batch);
    }
  }

  private void send(Batch batch) {
    calls.run(
        () -> sink.write(node, batch.cursor(), batch.rows(), batch.wishes()),
        () -> written(batch),
        failure -> failed(batch, failure));
  }

  private void written(Batch batch) {
    flight = null;
    backoff.reset();
    if (failing) {
      failing = false;
      log.atInfo().addKeyValue("waiting", waiting()).log("the journal can write again");
    }
    if (!batch.cursor().equals(written)) {
      written = batch.cursor();
      onWritten.accept(written);
    }
    next();
  }

  private void failed(Batch batch, Throwable failure) {
    if (!failing) {
      failing = true;
      log.atWarn()
          .addKeyValue("waiting", waiting())
          .setCause(failure)
          .log("the journal cannot write; it keeps everything and tries again");
    }
    var _ = loop.schedule(backoff.nextMillis(), () -> send(batch));
  }
}
