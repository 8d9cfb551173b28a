package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeId;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the rows that lost nodes left open, trying until it is done. Belongs to the journal's
 * loop.
 */
final class Settler {

  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final SharedClock clock;
  private final Set<NodeId> underWay = new TreeSet<>();
  private Consumer<NodeId> onSettled = node -> {};

  Settler(EventLoop loop, BlockingCalls calls, JournalSink sink, SharedClock clock) {
    this.loop = loop;
    this.calls = calls;
    this.sink = sink;
    this.clock = clock;
  }

  void onSettled(Consumer<NodeId> listener) {
    onSettled = listener;
  }

  /** Does nothing if it is under way already. */
  void settle(NodeId node, long lastRenewalMillis) {
    if (underWay.add(node)) {
      attempt(node, lastRenewalMillis, new Backoff());
    }
  }

  private void attempt(NodeId node, long lastRenewalMillis, Backoff backoff) {
    calls.run(
        () -> sink.closeLost(node, lastRenewalMillis, clock.nowMillis()),
        closed -> {
          underWay.remove(node);
          log.atInfo()
              .addKeyValue("node", node)
              .addKeyValue("rows", closed)
              .log("closed what a lost node left open");
          onSettled.accept(node);
        },
        failure -> {
          log.atDebug()
              .addKeyValue("node", node)
              .setCause(failure)
              .log("a lost node's rows could not be closed; trying again");
          var _ =
              loop.schedule(backoff.nextMillis(), () -> attempt(node, lastRenewalMillis, backoff));
        });
  }
}
