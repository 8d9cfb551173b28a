package dev.presence.lab.simulation;

import dev.presence.lab.simulation.StoredNode.Write;
import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Redis in memory: what the scripts do, one after the other, with older states to fall back to. How
 * servers reach it is the affair of {@link RedisLink}.
 *
 * <p>Keys: one group {@code nodes} (the records and the clock), and one group for each node (head,
 * map, stream).
 */
final class FakeRedis {

  static final long UNIX_MILLIS = 1_700_000_000_000L;
  private static final int KEPT_STATES = 8;

  private final VirtualTime time;
  private final Tally tally;
  private StoredNodes nodes = new StoredNodes();
  private StoredParts parts;
  private final Deque<State> saved = new ArrayDeque<>();
  private final Map<NodeId, Long> renewedAt = new TreeMap<>();

  /** Whose next rewrite loses its chunks before its end. */
  private final Set<NodeId> torn = new TreeSet<>();

  /** Whose next rewrite is to be interrupted, and by what. */
  private final Map<NodeId, Runnable> interruptions = new TreeMap<>();

  private Consumer<ChangeSet> publishTo = changeSet -> {};

  private Consumer<NodeId> onLost = node -> {};
  private long clockStepMillis;
  private final Map<String, Long> commands = new TreeMap<>();

  private record State(StoredNodes nodes, StoredParts parts) {}

  FakeRedis(VirtualTime time, Tally tally) {
    this.time = time;
    this.tally = tally;
    parts = new StoredParts(time);
  }

  /** Where published change sets go. */
  void publishTo(Consumer<ChangeSet> topic) {
    publishTo = topic;
  }

  // Faults.

  /** Remembers this state; the oldest of many is forgotten. */
  void save() {
    saved.addLast(new State(new StoredNodes(nodes), new StoredParts(parts)));
    if (saved.size() > KEPT_STATES) {
      saved.removeFirst();
    }
  }

  /** One of the remembered states; null if there is none. */
  private @Nullable State older(int stepsBack) {
    List<State> states = List.copyOf(saved);
    return states.isEmpty() ? null : states.get(Math.max(0, states.size() - 1 - stepsBack));
  }

  void rollBack(int stepsBack) {
    rollBackNodes(stepsBack);
    State older = older(stepsBack);
    if (older != null) {
      parts = new StoredParts(older.parts);
    }
  }

  void rollBackNodes(int stepsBack) {
    State older = older(stepsBack);
    if (older != null) {
      nodes = new StoredNodes(older.nodes);
    }
  }

  /** The next time that this node writes all of its part again, that is lost in the middle, too. */
  void tearNextRewrite(NodeId node) {
    torn.add(node);
  }

  /** The next time that this node begins to write all of its part again, this happens. */
  void atNextRewrite(NodeId node, Runnable interruption) {
    interruptions.put(node, interruption);
  }

  /** It will not. */
  void letRewrite(NodeId node) {
    interruptions.remove(node);
  }

  /** One node's keys fall back to what was saved so many steps ago. */
  void rollBackPart(NodeId node, int stepsBack) {
    State older = older(stepsBack);
    StoredNode part = older == null ? null : older.parts.get(node);
    if (part == null) {
      parts.remove(node);
    } else {
      parts.put(node, new StoredNode(part));
    }
  }

  void losePart(NodeId node) {
    parts.remove(node);
  }

  void loseRecord(NodeId node) {
    nodes.records.remove(node);
  }

  void wipe() {
    nodes = new StoredNodes();
    parts = new StoredParts(time);
  }

  void stepClock(long millis) {
    clockStepMillis += millis;
  }

  // What tests and the oracle see.

  /** How many commands have been executed, by whomever. */
  long commands() {
    return commands.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same, by kind. */
  Map<String, Long> commandsByKind() {
    return new TreeMap<>(commands);
  }

  private void count(String command) {
    commands.merge(command, 1L, Long::sum);
  }

  /**
   * How many sessions the maps hold, tombstones included, by node; none that hold nothing, nor what
   * was written by a node that nobody could see in the list of nodes: that goes by itself.
   */
  Map<NodeId, Integer> sessionCounts() {
    return parts.sessionCounts(node -> record(node) != null);
  }

  /** What a node said of itself last; null if it is not in the list of nodes. */
  @Nullable NodeRecord record(NodeId node) {
    return nodes.records.get(node);
  }

  /** When a node last renewed its lease, on the run's clock; it must have. */
  @Nullable Long renewedAt(NodeId node) {
    return renewedAt.get(node);
  }

  /** The shared clock, without a command. */
  long sharedMillis() {
    return new StoredNodes(nodes).now(serverMillis(), 0);
  }

  private long serverMillis() {
    return UNIX_MILLIS + time.nowMillis() + clockStepMillis;
  }

  // The scripts.

  /** For how long a node's keys stay if nobody writes to them; -1 if it has none. */
  long keptMillis(NodeId node) {
    return parts.keptMillis(node);
  }

  private Write written(NodeId node, @Nullable StoredNode part, Write write) {
    if (part != null && write == Write.DONE) {
      part.written(time.nowMillis(), record(node) != null);
    }
    return write;
  }

  boolean publish(ChangeSet changeSet) {
    count("publish");
    StoredNode part = parts.get(changeSet.node());
    Write write =
        written(changeSet.node(), part, part == null ? Write.REFUSED : part.publish(changeSet));
    switch (write) {
      case DONE -> publishTo.accept(changeSet);
      case REPEATED -> tally.rule(Rule.PUBLISH_REPEATED);
      case REFUSED -> tally.rule(Rule.PUBLISH_REFUSED);
    }
    return write != Write.REFUSED;
  }

  boolean beginRewrite(NodeId node, long epoch) {
    count("beginRewrite");
    StoredNode before = parts.get(node);
    StoredNode part = before == null ? new StoredNode() : before;
    Write write = written(node, part, part.begin(epoch));
    parts.put(node, part);
    Runnable interruption = write == Write.DONE ? interruptions.remove(node) : null;
    if (interruption != null) {
      interruption.run();
    }
    return rewriting(write, Rule.REWRITE_BEGUN);
  }

  boolean addToRewrite(NodeId node, long epoch, int chunk, Collection<SessionRecord> records) {
    count("addToRewrite");
    StoredNode part = parts.get(node);
    Write write =
        written(node, part, part == null ? Write.REFUSED : part.addChunk(epoch, chunk, records));
    return rewriting(write, null);
  }

  boolean endRewrite(NodeId node, Position position, int chunks) {
    count("endRewrite");
    StoredNode part = parts.get(node);
    if (part != null && torn.remove(node)) {
      part.tear();
    }
    ChangeSet reset = new ChangeSet(node, position, position.seq() - 1, true, List.of(), List.of());
    Write write = written(node, part, part == null ? Write.REFUSED : part.end(reset, chunks));
    if (write == Write.DONE) {
      publishTo.accept(reset);
    }
    return rewriting(write, Rule.REWRITE_ENDED);
  }

  private boolean rewriting(Write write, @Nullable Rule done) {
    if (write == Write.REFUSED) {
      tally.rule(Rule.REWRITE_REFUSED);
    } else if (write == Write.DONE && done != null) {
      tally.rule(done);
    }
    return write != Write.REFUSED;
  }

  Renewal renew(NodeRecord self, long leaseMillis, long notBeforeMillis) {
    count("renew");
    long now = nodes.now(serverMillis(), notBeforeMillis);
    NodeId node = self.node();
    NodeRecord before = nodes.records.get(node);
    RenewalOutcome outcome = before == null ? RenewalOutcome.REGISTERED : RenewalOutcome.RENEWED;
    if (before != null && before.lost() && self.head().epoch() <= before.head().epoch()) {
      outcome = RenewalOutcome.LOST;
      tally.rule(Rule.RENEWAL_REFUSED);
    } else {
      if (before != null && before.lost()) {
        tally.rule(Rule.CAME_BACK);
      }
      nodes.records.put(node, StoredNodes.with(self, now + leaseMillis, false));
      Long last = renewedAt.get(node);
      if (last != null && othersRenewedSince(node, last + SessionTruth.LOST_MILLIS)) {
        onLost.accept(node);
      }
      renewedAt.put(node, time.nowMillis());
      parts.listed(node);
    }
    StoredNode part = parts.get(node);
    return new Renewal(
        outcome, now, part == null ? null : part.head(), new TreeMap<>(nodes.records));
  }

  /**
   * Tells of nodes that others had the time to take for lost: once they are marked, or just before
   * they renew again without.
   */
  void onLost(Consumer<NodeId> listener) {
    onLost = listener;
  }

  private boolean othersRenewedSince(NodeId node, long sinceMillis) {
    return renewedAt.entrySet().stream()
        .anyMatch(entry -> !entry.getKey().equals(node) && entry.getValue() > sinceMillis);
  }

  Map<NodeId, Head> heads(Collection<NodeId> asked) {
    count("heads");
    Map<NodeId, Head> heads = new TreeMap<>();
    for (NodeId node : asked) {
      StoredNode part = parts.get(node);
      Head head = part == null ? null : part.head();
      if (head != null) {
        heads.put(node, head);
      }
    }
    return heads;
  }

  FakeRead beginRead(NodeId node) {
    count("read");
    return new FakeRead(parts.get(node));
  }

  /** What the read shows; it fails if it was torn. */
  NodeImage endRead(NodeId node, FakeRead read, RandomGenerator random) {
    try {
      NodeImage image = read.end(parts.get(node), random);
      if (!image.head().equals(Head.at(Position.NONE))) {
        tally.rule(image.head().building() ? Rule.READ_BUILDING : Rule.READ_IN_FULL);
      }
      return image;
    } catch (FakeRead.TornException torn) {
      tally.rule(Rule.READ_TORN);
      throw torn;
    }
  }

  Optional<List<ChangeSet>> changes(NodeId node, Position after, int limit) {
    count("changes");
    StoredNode part = parts.get(node);
    Optional<List<ChangeSet>> found = part == null ? Optional.empty() : part.changes(after, limit);
    if (found.isPresent() && !found.get().isEmpty()) {
      tally.rule(Rule.CAUGHT_UP_FROM_STREAM);
    }
    return found;
  }

  List<ChangeSet> stream(NodeId node, long afterSeq, int limit) {
    count("stream");
    StoredNode part = parts.get(node);
    return part == null ? List.of() : part.stream(afterSeq, limit);
  }

  boolean markLost(NodeId node, long deadlineMillis) {
    count("markLost");
    NodeRecord record = nodes.records.get(node);
    if (record != null && record.lost()) {
      return true;
    }
    if (record == null
        || record.leaseDeadlineMillis() != deadlineMillis
        || nodes.now(serverMillis(), 0) < deadlineMillis) {
      tally.rule(Rule.MARK_REFUSED);
      return false;
    }
    nodes.records.put(node, StoredNodes.with(record, deadlineMillis, true));
    tally.rule(Rule.MARKED_LOST);
    Long last = renewedAt.get(node);
    if (last != null && last + SessionTruth.LOST_MILLIS <= time.nowMillis()) {
      onLost.accept(node);
    }
    return true;
  }

  boolean forget(NodeId node, long deadlineMillis, @Nullable Head finished) {
    count("forget");
    NodeRecord record = nodes.records.get(node);
    StoredNode part = parts.get(node);
    Head head = part == null ? null : part.head();
    // What is not there any more was forgotten by an earlier call, or lost.
    boolean same =
        record == null || (record.lost() && record.leaseDeadlineMillis() == deadlineMillis);
    if (!same || (head != null && !head.equals(finished))) {
      tally.rule(Rule.FORGET_REFUSED);
      return false;
    }
    nodes.records.remove(node);
    parts.remove(node);
    tally.rule(Rule.FORGOTTEN);
    return true;
  }

  void trim(NodeId node, long fromSeq) {
    count("trim");
    StoredNode part = parts.get(node);
    if (part != null && part.trim(fromSeq)) {
      tally.rule(Rule.STREAM_TRIMMED);
    }
  }

  void expire(NodeId node) {
    count("expire");
    NodeRecord record = nodes.records.get(node);
    long now = nodes.now(serverMillis(), 0);
    if (record != null && !record.lost() && record.leaseDeadlineMillis() > now) {
      nodes.records.put(node, StoredNodes.with(record, now, false));
    }
  }
}
