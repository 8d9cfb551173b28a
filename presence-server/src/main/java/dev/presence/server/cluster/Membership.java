package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Timings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

  /** Who starts must hear that we count a node before it takes the node for gone. */
  private static final long TOLD_AHEAD_MILLIS = 3_000;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final Timings timings;
  private final Contact contact;
  private final ReplicaSink sink;
  private final LostAffairs affairs;
  private final Function<NodeId, Feed> feeds;

  private final Map<NodeId, Member> members = new TreeMap<>();
  private final Losses losses = new Losses();

  /** The shared time when contact was last regained, and of the last renewal; 0 before. */
  private long regainedAtMillis;

  private long renewedAtMillis;

  /** What all nodes said of themselves at the last renewal. */
  private Map<NodeId, NodeRecord> records = Map.of();

  private final Strays strays;

  Membership(
      EventLoop loop,
      ClusterStore store,
      NodeId self,
      Timings timings,
      Contact contact,
      ReplicaSink sink,
      LostAffairs affairs,
      Function<NodeId, Feed> feeds) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    this.timings = timings;
    this.contact = contact;
    this.affairs = affairs;
    this.sink = sink;
    this.feeds = feeds;
    strays = new Strays(store, self, timings.leasePeriod().plus(timings.handover()).toMillis());
  }

  /** This server was out of contact: what it knows of the others may be outdated. */
  void contactRegained() {
    members.values().forEach(member -> member.outdated = true);
  }

  /** Takes in what all nodes say of themselves. */
  void renewed(Map<NodeId, NodeRecord> newest, long nowMillis, boolean regained) {
    records = new TreeMap<>(newest);
    boolean interrupted = regained;
    for (NodeRecord record : records.values()) {
      if (!record.node().equals(self)) {
        interrupted |= !seen(record, nowMillis);
      }
    }
    for (Map.Entry<NodeId, Member> member : members.entrySet()) {
      interrupted |= member.getValue().forgotten(isForgotten(member.getKey(), member.getValue()));
    }
    if (interrupted) {
      regainedAtMillis = renewedAtMillis == 0 ? 0 : nowMillis;
      contact.interrupt(loop.nowMillis());
      long deadline = nowMillis + timings.leasePeriod().toMillis();
      members.values().forEach(m -> m.deadlineMillis = Math.max(m.deadlineMillis, deadline));
    }
    renewedAtMillis = nowMillis;
    judge(nowMillis);
    strays.judge(records, members.keySet(), nowMillis, interrupted);
    affairs.settle(records, members.keySet(), nowMillis);
  }

  /** Whether the store has nothing of what a node said last: no record, or but an old mark. */
  private boolean isForgotten(NodeId node, Member member) {
    NodeRecord record = records.get(node);
    return record == null || (record.lost() && isOld(record, member));
  }

  /**
   * Takes in one node's record; false if it is an older one: the store lost history. A lower head
   * alone does not show that, since a renewal that was sent long ago may have been executed just
   * now, nor does a lease that ends earlier, since a node that leaves gives it up.
   */
  private boolean seen(NodeRecord record, long nowMillis) {
    Member member = members.get(record.node());
    if (record.lost()) {
      if (member != null && isOld(record, member)) {
        return true;
      }
      if (member != null) {
        drop(record.node(), member);
      }
      losses.remember(record);
      return true;
    }
    if (losses.holdAgainst(record)) {
      return true;
    }
    if (member == null) {
      long over = nowMillis - record.leaseDeadlineMillis();
      if (over < timings.handover().toMillis()) {
        log.atInfo().addKeyValue("node", record.node()).log("a node has appeared");
        losses.forget(record.node());
        members.put(record.node(), new Member(feeds.apply(record.node()), record));
      }
      return true;
    }
    boolean earlier = record.leaseDeadlineMillis() < member.record.leaseDeadlineMillis();
    member.record = record;
    member.outdated = false;
    member.deadlineMillis = Math.max(member.deadlineMillis, record.leaseDeadlineMillis());
    boolean risen = member.feed.headAtRenewal(record.head(), leaseOver(member, nowMillis));
    return risen || !earlier;
  }

  private void judge(long nowMillis) {
    for (Map.Entry<NodeId, Member> entry : new ArrayList<>(members.entrySet())) {
      NodeId node = entry.getKey();
      Member member = entry.getValue();
      if (nowMillis < member.deadlineMillis + timings.handover().toMillis() || member.marking) {
        continue;
      }
      if (member.isForgotten()) {
        // It had a lease period to write its record again.
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
    losses.remember(member.record);
    sink.drop(node, lastRenewal(member.record));
  }

  private long lastRenewal(NodeRecord record) {
    return record.leaseDeadlineMillis() - timings.leasePeriod().toMillis();
  }

  /**
   * The internal ports of the other nodes that have one, as of the last renewal: of those that are
   * live, and of those that may be cut off as we are.
   */
  Addresses addresses() {
    Set<String> live = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (NodeRecord record : records.values()) {
      Member member = members.get(record.node());
      boolean isLive = member != null && !leaseOver(member, renewedAtMillis);
      if (!record.node().equals(self) && !record.address().isEmpty()) {
        (isLive ? live : others).add(record.address());
      }
    }
    others.removeAll(live);
    return new Addresses(List.copyOf(live), List.copyOf(others));
  }

  /** What all nodes said of themselves at the last renewal. */
  Collection<NodeRecord> records() {
    return records.values();
  }

  /** Whether the store knew of a node with this address at the last renewal. */
  boolean tellsOf(String address) {
    return records.values().stream().anyMatch(record -> record.address().equals(address));
  }

  /** The other nodes that are not lost. */
  Collection<Member> members() {
    return members.values();
  }

  /** Whether a node's lease ran on at the last renewal, by what stands in the store. */
  boolean isLiveByRecord(NodeRecord record) {
    return record.leaseDeadlineMillis() > renewedAtMillis;
  }

  /** Where a node's internal port is; empty where it has none or is lost. */
  String address(NodeId node) {
    Member member = members.get(node);
    return member == null ? "" : member.record.address();
  }

  /** Whether a node's sessions count here. */
  boolean counts(NodeId node) {
    return members.containsKey(node);
  }

  /** The other nodes that are not lost. */
  List<NodeId> live() {
    return List.copyOf(members.keySet());
  }

  /**
   * Whether a live node knows something that the store does not: it says so, or it may, since
   * contact was regained just now and it has not said anything yet. A lease period later it is not
   * waited for any more, nor is a node whose lease is over: it may never say anything again.
   */
  boolean anyBehind() {
    boolean justRegained = renewedAtMillis < regainedAtMillis + timings.leasePeriod().toMillis();
    return members.values().stream()
        .filter(member -> !leaseOver(member, renewedAtMillis))
        .anyMatch(
            member ->
                member.record.behind()
                    || (justRegained && lastRenewal(member.record) < regainedAtMillis));
  }

  /** An old mark: the node has come back since, and the store has forgotten that. */
  private static boolean isOld(NodeRecord mark, Member member) {
    return member.record.head().epoch() > mark.head().epoch()
        || member.record.leaseDeadlineMillis() > mark.leaseDeadlineMillis();
  }

  private static boolean leaseOver(Member member, long nowMillis) {
    return nowMillis >= member.deadlineMillis;
  }

  /**
   * Whether {@code heads} tell all that has happened: not if a live node has none, is building, or
   * says that it is behind, or if the store has lost what we have seen. A node whose lease is over
   * is not waited for, since it may never mend what is missing, unless we know that we lack
   * something of it: then until it is lost, or back.
   */
  boolean storeHasAll(Map<NodeId, Head> heads) {
    boolean all = !anyBehind();
    for (Map.Entry<NodeId, Member> entry : members.entrySet()) {
      Member member = entry.getValue();
      Head head = heads.get(entry.getKey());
      if (leaseOver(member, renewedAtMillis)) {
        all &= !lacks(member, head);
        continue;
      }
      if (head == null || head.building()) {
        all = false;
      } else if (member.feed.isLower(head.position())) {
        member.feed.repair();
        all = false;
      }
    }
    return all;
  }

  /**
   * Whether a node that is gone told of more than we have of it: it took that out of the store to
   * write all of its part anew, so that we never had it or but a beginning of it, or the store lost
   * it just when we came back, while others know it.
   */
  private boolean lacks(Member member, @Nullable Head head) {
    boolean behind = !member.feed.reached(member.record.head());
    if (head == null) {
      return (member.outdated || behind) && anyCountsMore();
    }
    return head.building() && (behind || member.feed.incomplete());
  }

  private boolean anyCountsMore() {
    return members.values().stream()
        .anyMatch(member -> !leaseOver(member, renewedAtMillis) && member.record.countsMore());
  }

  /** Whether everything up to {@code head} is in the replica; true for a node that is gone. */
  boolean reached(NodeId node, Head head) {
    Member member = members.get(node);
    return member == null
        || member.feed.reached(head.position())
        || (head.building() && leaseOver(member, renewedAtMillis));
  }

  void repairUnlessReached(NodeId node, Head head) {
    Member member = members.get(node);
    if (member != null) {
      member.feed.repairUnlessReached(head.position());
    }
  }

  /** At how many renewals in a row some node's head had moved without a single message. */
  int missed() {
    return members.values().stream().mapToInt(member -> member.feed.missed()).max().orElse(0);
  }

  void subscribedAnew() {
    members.values().forEach(member -> member.feed.subscribedAnew());
  }

  /**
   * Whether this server counts sessions of a node that the records show as gone, or will in a
   * moment, or not at all, or that are not in the store any more, since it was there before.
   *
   * @param regaining what the next renewal brings is the first word after contact was lost: it
   *     counts as a renewal of whomever this server knows
   */
  boolean countsMore(long nowMillis, boolean regaining) {
    long gone = nowMillis - timings.handover().toMillis() + TOLD_AHEAD_MILLIS;
    return members.values().stream()
        .anyMatch(
            member ->
                member.isForgotten()
                    || member.feed.rolledBack()
                    || (member.record.leaseDeadlineMillis() < gone
                        && (regaining
                            || member.deadlineMillis > member.record.leaseDeadlineMillis())));
  }

  /** Whether every other node has been read at least once. */
  boolean complete() {
    return members.values().stream().allMatch(member -> member.feed.complete());
  }

  void end() {
    members.values().forEach(member -> member.feed.end());
  }
}
