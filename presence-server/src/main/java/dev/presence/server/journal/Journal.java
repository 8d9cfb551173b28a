package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this node's part of the history: a row when a session opens or moves here, the same row
 * when it ends, last seen with it, and what users wish. While the sink is away everything waits,
 * some of it in memory and the rest in the store, and nothing else does. It also finishes the
 * history of lost nodes.
 *
 * <p>The public methods may be called from any thread and do not block.
 */
public final class Journal {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private static final long ALIVE_MILLIS = 10_000;

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final SharedClock clock;
  private final NodeId self;
  private final String address;
  private final Ledger ledger = new Ledger();
  private final RowWriter writer;
  private final Backlog backlog;
  private final Finisher finisher;

  private @Nullable VanishedNodes vanished;
  private @Nullable OwnerlessRows ownerless;
  private boolean stopped;

  /**
   * Builds a journal.
   *
   * @param loop for its state and timers
   * @param executor for the sink's blocking calls, two or three at a time
   * @param clock the shared clock
   * @param self this node
   * @param address of its internal port, empty where it has none
   * @param stream what the node has published, as the store keeps it
   * @param rules how much may wait in memory, and in the store
   */
  public Journal(
      EventLoop loop,
      Executor executor,
      JournalSink sink,
      SharedClock clock,
      NodeId self,
      String address,
      OwnStream stream,
      BacklogRules rules) {
    this.loop = loop;
    this.sink = sink;
    this.clock = clock;
    this.self = self;
    this.address = address;
    calls = new BlockingCalls(loop, executor);
    writer = new RowWriter(loop, calls, sink, self);
    backlog = new Backlog(loop, clock, ledger, writer, stream, rules);
    finisher = new Finisher(loop, calls, sink, clock);
  }

  /** Tells, on the journal's loop, up to where this node's change sets have been written. */
  public void onWritten(Consumer<Position> listener) {
    loop.execute(() -> writer.onWritten(listener));
  }

  /**
   * Tells, on the journal's loop, that a lost node's history is finished, and up to which head;
   * null if nothing was left of the node in the store.
   */
  public void onSettled(BiConsumer<NodeId, @Nullable Head> listener) {
    loop.execute(() -> finisher.onSettled(listener));
  }

  /**
   * Begins to say that this node is alive, to finish the history of lost nodes, and to look for
   * what others, and this node itself, left open. Rows are written before that too. To be called
   * when the shared clock is set.
   *
   * @param live asks for the other nodes that are live
   * @param lostNodes knows what is left of those that are not
   * @param sessions knows which sessions go on
   */
  public void start(
      Supplier<CompletionStage<List<NodeId>>> live, LostNodes lostNodes, CarriedSessions sessions) {
    loop.execute(
        () -> {
          sayAlive(clock.nowMillis());
          finisher.start(lostNodes);
          vanished = new VanishedNodes(loop, calls, sink, clock, self, finisher, live);
          vanished.start();
          ownerless =
              new OwnerlessRows(loop, calls, sink, clock, self, ledger, writer, backlog, sessions);
          ownerless.start();
        });
  }

  /** Where servers can be reached that have not ended, as far as the history knows. */
  public CompletionStage<List<String>> openAddresses() {
    return calls.ask(sink::openAddresses);
  }

  private void sayAlive(long startedAtMillis) {
    if (stopped) {
      return;
    }
    calls.run(
        () -> sink.alive(self, address, startedAtMillis, clock.nowMillis()),
        () -> {},
        failure -> log.atDebug().setCause(failure).log("could not say that this node is alive"));
    var _ = loop.schedule(ALIVE_MILLIS, () -> sayAlive(startedAtMillis));
  }

  /** A change set of this node is acknowledged. To be called for each, in their order. */
  public void published(ChangeSet changeSet) {
    loop.execute(() -> backlog.add(changeSet));
  }

  /** Keeps what a user wishes. */
  public void wish(UserId user, Wish wish) {
    loop.execute(() -> backlog.add(user, wish));
  }

  /**
   * Finishes the history of a lost node: writes what it had published and not written, and closes
   * the rows that it left open. Called again meanwhile, it does nothing; if it takes too long, it
   * is given up until it is called again.
   *
   * @param lastRenewalMillis stands for the last sign of life of the node's sessions
   */
  public void settle(NodeId node, long lastRenewalMillis) {
    loop.execute(() -> finisher.settle(node, lastRenewalMillis));
  }

  /**
   * Writes what waits, and if no session is open here any more, marks this node ended. The stage
   * completes when that is done, or after {@code timeout}.
   */
  public CompletionStage<Void> stop(Duration timeout) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    loop.execute(
        () -> {
          stopped = true;
          if (vanished != null) {
            vanished.stop();
          }
          if (ownerless != null) {
            ownerless.stop();
          }
          var _ = backlog.drain().thenRun(() -> endNode(end));
          var _ = loop.schedule(timeout.toMillis(), () -> giveUp(end));
        });
    return end;
  }

  private void endNode(CompletableFuture<Void> end) {
    if (ledger.anyOpen()) {
      // Leftovers count for the handover; who settles them ends this node.
      end.complete(null);
      return;
    }
    calls.run(
        () -> sink.ended(self, clock.nowMillis()),
        () -> end.complete(null),
        failure -> {
          log.atWarn().setCause(failure).log("could not mark this node ended");
          end.complete(null);
        });
  }

  private void giveUp(CompletableFuture<Void> end) {
    if (end.complete(null)) {
      log.atError().addKeyValue("rows", backlog.waiting()).log("stopped before all was written");
    }
  }
}
