package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.Timings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes: who is live, who is in handover, who is lost. It passes the verdicts. Belongs to
 * the cluster's loop.
 *
 * <p>A verdict needs a full lease period in touch with the store, since whenever contact is
 * regained every lease counts as renewed.
 */
final class Membership {

  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  /** How many lost nodes are remembered, so that a store rolled back does not bring them back. */
  private static final int MAX_REMEMBERED = 1_000;

  /** How long a lost node's record is kept, so that every server sees the mark. */
  private static final long KEEP_LOST_MILLIS = 60_000;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final Timings timings;
  private final Contact contact;
  private final ReplicaSink sink;
  private final ClusterEvents events;
  private final Function<NodeId, Feed> feeds;

  private final Map<NodeId, Member> members = new TreeMap<>();

  /** Lost nodes, with the epoch in which they were lost: only a later one lets a node back in. */
  private final Map<NodeId, Long> lost =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** The shared time when contact was last regained, and of the last renewal; 0 before. */
  private long regainedAtMillis;

  private long renewedAtMillis;

  /** Lost nodes whose affairs are settled: their records may go. */
  private final Map<NodeId, Boolean> settled = new TreeMap<>();

  private static final class Member {
    final Feed feed;
    NodeRecord record;
    long deadlineMillis;
    boolean marking;
    boolean missing;

    Member(Feed feed, NodeRecord record) {
      this.feed = feed;
      this.record = record;
      this.deadlineMillis = record.leaseDeadlineMillis();
    }

    /**
     * Takes in whether the record is missing. True if it has just vanished: the store lost history.
     * A node that is gone does not write it again, so it counts but once.
     */
    boolean missesRecord(boolean now) {
      boolean vanished = now && !missing;
      missing = now;
      return vanished;
    }
  }

  Membership(
      EventLoop loop,
      ClusterStore store,
      NodeId self,
      Timings timings,
      Contact contact,
      ReplicaSink sink,
      ClusterEvents events,
      Function<NodeId, Feed> feeds) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    this.timings = timings;
    this.contact = contact;
    this.sink = sink;
    this.events = events;
    this.feeds = feeds;
  }

  /** Takes in what all nodes say of themselves. */
  void renewed(Map<NodeId, NodeRecord> records, long nowMillis, boolean regained) {
    boolean interrupted = regained;
    for (NodeRecord record : new TreeMap<>(records).values()) {
      if (!record.node().equals(self)) {
        interrupted |= !seen(record, nowMillis);
      }
    }
    for (Map.Entry<NodeId, Member> member : members.entrySet()) {
      interrupted |= member.getValue().missesRecord(!records.containsKey(member.getKey()));
    }
    if (interrupted) {
      regainedAtMillis = renewedAtMillis == 0 ? 0 : nowMillis;
      contact.interrupt(loop.nowMillis());
      long deadline = nowMillis + timings.leasePeriod().toMillis();
      members.values().forEach(m -> m.deadlineMillis = Math.max(m.deadlineMillis, deadline));
    }
    renewedAtMillis = nowMillis;
    judge(records, nowMillis);
    settleLost(records, nowMillis);
  }

  /** Takes in one node's record; false if it shows that the store lost history. */
  private boolean seen(NodeRecord record, long nowMillis) {
    Member member = members.get(record.node());
    if (record.lost()) {
      if (member != null) {
        drop(record.node(), member);
      }
      remember(record);
      return true;
    }
    Long lostEpoch = lost.get(record.node());
    if (lostEpoch != null && record.head().epoch() <= lostEpoch) {
      return true;
    }
    if (member == null) {
      long over = nowMillis - record.leaseDeadlineMillis();
      if (over < timings.handover().toMillis()) {
        log.atInfo().addKeyValue("node", record.node()).log("a node has appeared");
        lost.remove(record.node());
        members.put(record.node(), new Member(feeds.apply(record.node()), record));
      }
      return true;
    }
    member.record = record;
    member.deadlineMillis = Math.max(member.deadlineMillis, record.leaseDeadlineMillis());
    return member.feed.headAtRenewal(record.head());
  }

  private void judge(Map<NodeId, NodeRecord> records, long nowMillis) {
    for (Map.Entry<NodeId, Member> entry : new ArrayList<>(members.entrySet())) {
      NodeId node = entry.getKey();
      Member member = entry.getValue();
      if (nowMillis < member.deadlineMillis + timings.handover().toMillis() || member.marking) {
        continue;
      }
      if (!records.containsKey(node)) {
        // Its record is gone, and it had a lease period to write it again.
        drop(node, member);
        continue;
      }
      member.marking = true;
      var _ =
          store
              .markLost(node, member.record.leaseDeadlineMillis())
              .whenCompleteAsync(
                  (marked, failure) -> {
                    member.marking = false;
                    if (failure == null) {
                      contact.answered(loop.nowMillis());
                    }
                    // Not marked: it has renewed, or no answer came. The next renewal shows.
                    if (failure == null && marked && members.get(node) == member) {
                      drop(node, member);
                    }
                  },
                  loop);
    }
  }

  private void drop(NodeId node, Member member) {
    log.atWarn().addKeyValue("node", node).log("a node is lost");
    members.remove(node);
    member.feed.end();
    remember(member.record);
    sink.drop(node, lastRenewal(member.record));
  }

  private void remember(NodeRecord record) {
    lost.merge(record.node(), record.head().epoch(), Math::max);
  }

  private long lastRenewal(NodeRecord record) {
    return record.leaseDeadlineMillis() - timings.leasePeriod().toMillis();
  }

  /**
   * Of the live nodes one settles a lost node's affairs, and forgets it when all have seen the
   * mark.
   */
  private void settleLost(Map<NodeId, NodeRecord> records, long nowMillis) {
    for (NodeRecord record : new TreeMap<>(records).values()) {
      if (!record.lost() || record.node().equals(self) || !self.equals(heir(record.node()))) {
        continue;
      }
      if (!settled.containsKey(record.node())) {
        events.settle(record.node(), lastRenewal(record));
      } else if (nowMillis > record.leaseDeadlineMillis() + KEEP_LOST_MILLIS) {
        settled.remove(record.node());
        var _ =
            store
                .forget(record.node())
                .exceptionally(
                    failure -> {
                      log.atInfo()
                          .addKeyValue("node", record.node())
                          .setCause(failure)
                          .log("a lost node's keys could not be deleted; trying again");
                      return null;
                    });
      }
    }
  }

  /**
   * The live node with the highest score for {@code lostNode} (rendezvous hashing): all servers
   * choose the same.
   */
  private NodeId heir(NodeId lostNode) {
    NodeId best = self;
    for (NodeId candidate : members.keySet()) {
      if (score(candidate, lostNode) > score(best, lostNode)) {
        best = candidate;
      }
    }
    return best;
  }

  private static int score(NodeId candidate, NodeId lostNode) {
    int hash = (candidate.value() + '/' + lostNode.value()).hashCode();
    return (hash ^ (hash >>> 16)) * 0x45d9f3b;
  }

  void settled(NodeId node) {
    settled.put(node, true);
  }

  /** Where a node's internal port is; empty where it has none or is lost. */
  String address(NodeId node) {
    Member member = members.get(node);
    return member == null ? "" : member.record.address();
  }

  /** The other nodes that are not lost. */
  List<NodeId> live() {
    return List.copyOf(members.keySet());
  }

  /**
   * Whether a node knows something that the store does not: it says so, or it may, since contact
   * was regained just now and it has not said anything yet. A lease period later it is not waited
   * for any more.
   */
  boolean anyBehind() {
    boolean justRegained = renewedAtMillis < regainedAtMillis + timings.leasePeriod().toMillis();
    return members.values().stream()
        .anyMatch(
            member ->
                member.record.behind()
                    || (justRegained && lastRenewal(member.record) < regainedAtMillis));
  }

  /** Whether everything up to {@code head} is in the replica; true for a node that is gone. */
  boolean reached(NodeId node, Position head) {
    Member member = members.get(node);
    return member == null || member.feed.reached(head);
  }

  void readUnlessReached(NodeId node, Position head) {
    Member member = members.get(node);
    if (member != null && !member.feed.reached(head)) {
      member.feed.read();
    }
  }

  /** Whether every other node has been read at least once. */
  boolean complete() {
    return members.values().stream().allMatch(member -> member.feed.complete());
  }

  void end() {
    members.values().forEach(member -> member.feed.end());
  }

  /**
   * Runs {@code action} for each node that counts: for the sweep of rows whose node has vanished.
   */
  void forEach(Consumer<NodeId> action) {
    members.keySet().forEach(action);
  }
}
