package dev.presence.server.cluster;

import dev.presence.server.model.NodeRecord;

/** One other node, as this server knows it. Belongs to the cluster's loop. */
final class Member {

  final Feed feed;

  /** What it said of itself last. */
  NodeRecord record;

  /** When its lease ends: later than it said, if contact was regained meanwhile. */
  long deadlineMillis;

  /** A verdict is under way. */
  boolean marking;

  /** We have been out of contact since it spoke last: what it said meanwhile is not known here. */
  boolean outdated;

  private boolean forgotten;

  Member(Feed feed, NodeRecord record) {
    this.feed = feed;
    this.record = record;
    deadlineMillis = record.leaseDeadlineMillis();
  }

  /**
   * Takes in whether the store has forgotten what the node said last. True if it has just done so:
   * it lost history. A node that is gone does not write it again, so it counts but once.
   */
  boolean forgotten(boolean now) {
    boolean just = now && !forgotten;
    forgotten = now;
    return just;
  }

  boolean isForgotten() {
    return forgotten;
  }
}
