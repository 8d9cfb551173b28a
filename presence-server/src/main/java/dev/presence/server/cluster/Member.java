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

  private boolean missing;

  Member(Feed feed, NodeRecord record) {
    this.feed = feed;
    this.record = record;
    deadlineMillis = record.leaseDeadlineMillis();
  }

  /**
   * Takes in whether the record is missing. True if it has just vanished: the store lost history. A
   * node that is gone does not write it again, so it counts but once.
   */
  boolean missesRecord(boolean now) {
    boolean vanished = now && !missing;
    missing = now;
    return vanished;
  }

  boolean isMissing() {
    return missing;
  }
}
