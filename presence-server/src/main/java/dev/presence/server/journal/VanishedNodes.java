package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds nodes of which only the history knows, because the store lost them too: at start and each
 * minute it looks for nodes that have not ended, are not live, and have been silent for a minute.
 * Seen so in two looks running, a node has vanished, and its history is finished. Belongs to the
 * journal's loop.
 */
final class VanishedNodes {

  private static final Logger log = LoggerFactory.getLogger(VanishedNodes.class);

  private static final long PERIOD_MILLIS = 60_000;
  private static final long SILENCE_MILLIS = 60_000;

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final SharedClock clock;
  private final NodeId self;
  private final Finisher finisher;
  private final Supplier<CompletionStage<List<NodeId>>> live;

  /** The nodes that were silent at the last look, and since when. */
  private Map<NodeId, Long> suspects = new TreeMap<>();

  private boolean stopped;

  VanishedNodes(
      EventLoop loop,
      BlockingCalls calls,
      JournalSink sink,
      SharedClock clock,
      NodeId self,
      Finisher finisher,
      Supplier<CompletionStage<List<NodeId>>> live) {
    this.loop = loop;
    this.calls = calls;
    this.sink = sink;
    this.clock = clock;
    this.self = self;
    this.finisher = finisher;
    this.live = live;
  }

  /** Looks now, and each minute from then on. */
  void start() {
    if (!stopped) {
      look();
      var _ = loop.schedule(PERIOD_MILLIS, this::start);
    }
  }

  void stop() {
    stopped = true;
  }

  private void look() {
    calls.run(sink::openNodes, this::compare, VanishedNodes::putOff);
  }

  private void compare(Map<NodeId, Long> open) {
    var _ =
        live.get()
            .whenCompleteAsync(
                (nodes, failure) -> {
                  if (failure == null) {
                    judge(open, new TreeSet<>(nodes));
                  } else {
                    putOff(failure);
                  }
                },
                loop);
  }

  private void judge(Map<NodeId, Long> open, Set<NodeId> liveNodes) {
    Map<NodeId, Long> silent = new TreeMap<>();
    open.forEach(
        (node, aliveAtMillis) -> {
          boolean counts = node.equals(self) || liveNodes.contains(node);
          if (!counts && clock.nowMillis() - aliveAtMillis > SILENCE_MILLIS) {
            silent.put(node, aliveAtMillis);
          }
        });
    silent.forEach(
        (node, aliveAtMillis) -> {
          if (aliveAtMillis.equals(suspects.get(node)) && !stopped) {
            log.atWarn().addKeyValue("node", node).log("a node has vanished");
            finisher.settle(node, aliveAtMillis);
          }
        });
    suspects = silent;
  }

  private static void putOff(Throwable failure) {
    log.atDebug().setCause(failure).log("could not look for vanished nodes; the next look will");
  }
}
