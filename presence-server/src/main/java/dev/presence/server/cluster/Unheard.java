package dev.presence.server.cluster;

import dev.presence.server.model.NodeRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Servers that take clients in without the store, and have asked us about it just now: they know of
 * sessions that nobody else has heard of, so nobody is told OFFLINE until they have spoken in the
 * store again, or have had the time to move their clients. Belongs to the cluster's loop.
 */
final class Unheard {

  /** They ask each second. */
  private static final long LISTENING_MILLIS = 2_500;

  private final long movedMillis;
  private final Map<String, Asker> askers = new HashMap<>();
  private long arrivals;

  /**
   * One of them, by the loop's clock and, for what stands in the store, by the shared one.
   *
   * @param reachedMillis when it first heard from us that the store can be reached; -1 if not yet
   */
  private record Asker(long askedMillis, long askedShared, long reachedMillis) {}

  /**
   * Nobody unheard yet.
   *
   * @param movedMillis how long one that knows that others reach the store takes to move its
   *     clients
   */
  Unheard(long movedMillis) {
    this.movedMillis = movedMillis;
  }

  /** One has asked, and was told whether we reach the store. */
  void asked(String address, boolean reached, long nowMillis, long nowShared) {
    Asker before = askers.get(address);
    arrivals += before == null ? 1 : 0;
    long since = before == null || before.reachedMillis < 0 ? nowMillis : before.reachedMillis;
    askers.put(address, new Asker(nowMillis, nowShared, reached ? since : -1));
    forgetSilent(nowMillis);
  }

  /**
   * However many ask, none is let go of before it falls silent: it may know of clients that nobody
   * else has heard of. There are no more of them than servers that ask within that time.
   */
  private void forgetSilent(long nowMillis) {
    askers.values().removeIf(asker -> nowMillis - asker.askedMillis > LISTENING_MILLIS);
  }

  /** What all nodes say of themselves: who has renewed since it asked, has been heard. */
  void renewed(Collection<NodeRecord> records, long leaseMillis) {
    for (NodeRecord record : records) {
      Asker asker = askers.get(record.address());
      if (asker != null && record.leaseDeadlineMillis() - leaseMillis > asker.askedShared) {
        askers.remove(record.address());
      }
    }
  }

  /** How many there have been: what was decided before another one came is to be decided anew. */
  long arrivals() {
    return arrivals;
  }

  /** Whether there are any that have not had the time to move their clients. */
  boolean any(long nowMillis) {
    forgetSilent(nowMillis);
    return askers.values().stream().anyMatch(asker -> !hasMoved(asker, nowMillis));
  }

  /** One that asks on is remembered all the same, lest it be waited for anew. */
  private boolean hasMoved(Asker asker, long nowMillis) {
    return asker.reachedMillis >= 0 && nowMillis - asker.reachedMillis > movedMillis;
  }
}
