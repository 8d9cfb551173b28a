package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Timings;

/**
 * What a server that has just started waits for before it serves. It goes by the store alone, and
 * would take for offline whomever only others know: those that come back to a store which was away,
 * or lost something. Belongs to the cluster's loop.
 */
final class Newborn {

  /** How late the renewal of a server that comes back may be. */
  private static final long RETURN_MARGIN_MILLIS = 250;

  /**
   * By so long after an outage who was there before has renewed, and we have seen it: a request
   * that was lost with the outage is given up first, what waits is published, and then it is heard
   * of with our next renewal.
   */
  private static final long RETURN_FROM_OUTAGE_MILLIS = 3_000;

  private static final long NOT_YET = -1;

  /** A first renewal that took longer than this shows that the store was away. */
  private static final long PROMPT_MILLIS = 1_000;

  private final EventLoop loop;
  private final NodeId self;
  private final Timings timings;
  private final Contact contact;
  private final Membership membership;
  private final Witnesses witnesses;
  private final Remembered remembered;

  private long startedMillis;

  /**
   * When the list of nodes was seen for the first time since contact was (re)gained; or not yet.
   */
  private long seenMillis = NOT_YET;

  private long regainsSeen;
  private boolean outage;

  Newborn(
      EventLoop loop,
      NodeId self,
      Timings timings,
      Contact contact,
      Membership membership,
      Witnesses witnesses,
      Remembered remembered) {
    this.loop = loop;
    this.self = self;
    this.timings = timings;
    this.contact = contact;
    this.membership = membership;
    this.witnesses = witnesses;
    this.remembered = remembered;
  }

  void begin() {
    startedMillis = loop.nowMillis();
  }

  /** A renewal has shown the list of nodes. */
  void renewed() {
    if (seenMillis == NOT_YET) {
      outage = loop.nowMillis() - startedMillis > PROMPT_MILLIS;
      introduce();
    }
    if (regainsSeen != contact.regains()) {
      outage |= seenMillis != NOT_YET;
      regainsSeen = contact.regains();
      seenMillis = loop.nowMillis();
    }
  }

  /**
   * Makes this server known to all that stand in the store, past the store: those that are cut off
   * from it could not hear of us otherwise, and would take it to be away for all.
   */
  private void introduce() {
    Addresses all = membership.addresses();
    all.live().forEach(other -> witnesses.reachesStore(other, false));
    all.others().forEach(other -> witnesses.reachesStore(other, false));
  }

  /**
   * Whether more is known, or may be in a moment, than the store tells. Others say so. Or a node
   * that is gone was writing its part anew, of which we could read but a beginning: until it is
   * lost it may be cut off alone, with clients who are about to come here. Or nobody else is live
   * but newborn servers: others may yet come back to a store that was away, or lost everything, and
   * get the time to renew; and who is known by the history alone gets the time to answer.
   */
  boolean moreIsKnown() {
    boolean amongNewborn = true;
    for (Member member : membership.members()) {
      // By what stands in the store: that contact is new here renews nobody who is away.
      boolean live = membership.isLiveByRecord(member.record);
      if (member.feed.incomplete() || (live && member.record.countsMore())) {
        return true;
      }
      amongNewborn &= !live || !member.record.serving();
    }
    return amongNewborn
        && (seenMillis == NOT_YET || loop.nowMillis() - seenMillis < patienceMillis());
  }

  private long patienceMillis() {
    return outage
            || remembered.isAsking()
            || membership.records().stream().anyMatch(this::mayReturn)
        ? RETURN_FROM_OUTAGE_MILLIS
        : timings.renewInterval().toMillis() + RETURN_MARGIN_MILLIS;
  }

  private boolean mayReturn(NodeRecord record) {
    return !record.node().equals(self) && !record.lost() && !membership.isLiveByRecord(record);
  }
}
