package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the history of lost nodes: what they had published and not written is written, and then
 * the rows that they left open are closed. Belongs to the journal's loop.
 *
 * <p>One node at a time, so that what is left of one is all that is held in memory. Each step may
 * be done twice, by two servers too: a row changes only for what is newer, so that nothing that the
 * node, should it be alive after all, or another owner writes meanwhile is undone.
 */
final class Finisher {

  private static final Logger log = LoggerFactory.getLogger(Finisher.class);

  /**
   * Then it is given up until somebody asks again: the node may have come back, or be finished by
   * another server.
   */
  private static final int MAX_TRIES = 10;

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final SharedClock clock;

  /** Those whose turn will come. */
  private final Queue<Lost> waiting = new ArrayDeque<>();

  /** Those whose turn will come or has come, or who are to be tried again. */
  private final Set<NodeId> underWay = new TreeSet<>();

  private BiConsumer<NodeId, @Nullable Head> onSettled = (_, _) -> {};
  private @Nullable LostNodes lostNodes;
  private boolean busy;

  private static final class Lost {
    final NodeId node;
    final long lastRenewalMillis;
    final Backoff backoff = new Backoff();
    int tries;

    Lost(NodeId node, long lastRenewalMillis) {
      this.node = node;
      this.lastRenewalMillis = lastRenewalMillis;
    }
  }

  /**
   * What the history has of a node.
   *
   * @param cursor up to where its change sets are written
   * @param openEpoch the last epoch of the rows that it left open
   */
  private record Written(Position cursor, long openEpoch) {}

  Finisher(EventLoop loop, BlockingCalls calls, JournalSink sink, SharedClock clock) {
    this.loop = loop;
    this.calls = calls;
    this.sink = sink;
    this.clock = clock;
  }

  void onSettled(BiConsumer<NodeId, @Nullable Head> listener) {
    onSettled = listener;
  }

  /** Begins with those who were lost before, if any were. */
  void start(LostNodes nodes) {
    lostNodes = nodes;
    next();
  }

  /** Does nothing if it is under way already. */
  void settle(NodeId node, long lastRenewalMillis) {
    if (underWay.add(node)) {
      waiting.add(new Lost(node, lastRenewalMillis));
      next();
    }
  }

  private void next() {
    if (!busy && lostNodes != null && !waiting.isEmpty()) {
      busy = true;
      begin(waiting.remove(), lostNodes);
    }
  }

  private void begin(Lost lost, LostNodes nodes) {
    calls.run(
        // Read before the store is: what the node writes after it has come back is not counted.
        () -> new Written(sink.cursor(lost.node), sink.openEpoch(lost.node)),
        written -> read(lost, nodes, written),
        failure -> failed(lost, failure));
  }

  private void read(Lost lost, LostNodes nodes, Written written) {
    var _ =
        nodes
            .remains(lost.node, written.cursor)
            .whenCompleteAsync(
                (remains, failure) -> {
                  if (failure == null) {
                    write(lost, written, remains);
                  } else {
                    failed(lost, failure);
                  }
                },
                loop);
  }

  private void write(Lost lost, Written written, Remains remains) {
    RowWriter writer = new RowWriter(loop, calls, sink, lost.node);
    LostHistory history =
        new LostHistory(
            lost.node,
            remains,
            written.openEpoch,
            lost.lastRenewalMillis,
            clock.nowMillis(),
            writer);
    history.write(() -> close(lost, history.epoch(), remains.head()));
  }

  private void close(Lost lost, long epoch, @Nullable Head finished) {
    calls.run(
        () -> sink.closeLost(lost.node, epoch, lost.lastRenewalMillis, clock.nowMillis()),
        closed -> {
          log.atInfo()
              .addKeyValue("node", lost.node)
              .addKeyValue("rows", closed)
              .log("closed what a lost node left open");
          underWay.remove(lost.node);
          onSettled.accept(lost.node, finished);
          proceed();
        },
        failure -> failed(lost, failure));
  }

  private void failed(Lost lost, Throwable failure) {
    log.atDebug()
        .addKeyValue("node", lost.node)
        .setCause(failure)
        .log("a lost node's history could not be finished");
    if (++lost.tries < MAX_TRIES) {
      var _ = loop.schedule(lost.backoff.nextMillis(), () -> again(lost));
    } else {
      underWay.remove(lost.node);
    }
    proceed();
  }

  private void again(Lost lost) {
    waiting.add(lost);
    next();
  }

  private void proceed() {
    busy = false;
    next();
  }
}
