package dev.presence.lab.simulation;

import dev.presence.server.model.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What really happened to one session that was told hello, and whether it counts.
 *
 * <p>It is protected from the moment a server said hello for an attempt, while that stream is up
 * and its client's last message to reach a live server is younger than the heartbeat timeout; for
 * the grace period after the server learned of a cut; after its server was killed until its last
 * lease is over and the handover has passed; on a server cut off alone for lease + 5 s from the
 * cut; never after it signed out. A server that did not renew for lease and handover while others
 * could, is lost: then only a new hello protects. Hello that was said without Redis protects once
 * the server has been able to tell others: if it stops before, nobody can know.
 */
final class SessionTruth {

  static final long GRACE_MILLIS = 10_000;
  static final long LEASE_MILLIS = 5_000;
  static final long HANDOVER_MILLIS = 10_000;
  static final long LOST_MILLIS = LEASE_MILLIS + HANDOVER_MILLIS;

  /** How soon a server knows that it is out of contact, and waits for when that is over. */
  private static final long NOTICED_MILLIS = 3_000;

  private static final long SETTLED_MILLIS = 2_000;

  static final long CUT_OFF_MILLIS = LEASE_MILLIS + 5_000;

  /** How long a server may take to tell the others that a session is over. */
  private static final long TELLING_MILLIS = 1_500;

  final String id;
  final Person person;
  final Device device;

  /** The stream that counts: of the greeted ones that with the highest attempt. */
  StreamTruth stream;

  /** Since when it has been protected without a gap. */
  long protectedSinceMillis;

  final long firstHelloMillis;

  /** When a call about it was taken last, by the shared clock; -1 if none was. */
  long lastCallMillis = -1;

  /** It is over for good: signed out, or another one took its place. */
  private boolean over;

  long overMillis = -1;
  private boolean lapsed;

  SessionTruth(String id, StreamTruth stream, long nowMillis) {
    this.id = id;
    this.device = stream.device;
    this.person = device.person();
    this.stream = stream;
    protectedSinceMillis = nowMillis;
    firstHelloMillis = nowMillis;
  }

  /** A call was taken; by whichever server, be it one that had an older stream. */
  void heard() {
    SimulatedNode node = stream.node;
    if (node != null) {
      lastCallMillis = node.sharedMillis();
    }
  }

  void greeted(StreamTruth by, long nowMillis, World world) {
    if (by.attempt < stream.attempt) {
      return;
    }
    if (!isProtected(nowMillis, world)) {
      protectedSinceMillis = nowMillis;
    }
    stream = by;
    lapsed = false;
  }

  /** Its server may have been taken for lost: only a new hello protects. */
  void lapse() {
    lapsed = true;
  }

  void end(long nowMillis) {
    if (!over) {
      over = true;
      overMillis = nowMillis;
    }
  }

  boolean isOver() {
    return over;
  }

  boolean isProtected(long nowMillis, World world) {
    return nowMillis < protectedUntil(nowMillis, world);
  }

  /** By what is known now, until when it is protected. */
  long protectedUntil(long nowMillis, World world) {
    return Math.min(untilGivenUp(world), protectedByStreamUntil(nowMillis, world));
  }

  private long protectedByStreamUntil(long nowMillis, World world) {
    if (lapsed
        || over
        || stream.isUntold()
        || stream.signOutMillis >= 0
        || device.signOutSentMillis() >= 0) {
      return -1;
    }
    if (stream.closed == CloseReason.NODE_LOST) {
      // Its server was lost, and told the client so: only a new hello protects.
      return -1;
    }
    long until =
        stream.endedMillis >= 0
            ? stream.endedMillis + GRACE_MILLIS
            : stream.lastReachedMillis + stream.timeoutMillis() + GRACE_MILLIS;
    SimulatedNode node = stream.node;
    if (node == null || node.hasEnded()) {
      return node != null && node.endedOutOfReach()
          ? Math.min(until, world.leaseFrom(node) + LEASE_MILLIS + HANDOVER_MILLIS)
          : until;
    }
    if (stream.endedMillis >= 0 && stream.closed != CloseReason.REPLACED) {
      until = Math.max(until, held(node.redis(), nowMillis)); // who was replaced holds it no more
    }
    return Math.min(until, untilLost(node, until, nowMillis, world));
  }

  /**
   * Until when it counts by a newer stream, which its client gave up before hello was said: the
   * server that took it has it now, and the grace period runs from then.
   */
  private long untilGivenUp(World world) {
    long until = Long.MAX_VALUE;
    for (StreamTruth newer : world.truth().streamsOf(this)) {
      SimulatedNode node = newer.node;
      boolean givenUp = newer.attempt > stream.attempt && newer.session.isEmpty();
      if (givenUp && newer.endedMillis >= 0 && node != null && !node.isDead()) {
        until = Math.min(until, newer.endedMillis + GRACE_MILLIS);
      }
    }
    return until;
  }

  /**
   * Until when its grace period runs at least if its server was out of contact meanwhile: that time
   * does not count, nor what follows until contact has settled.
   */
  private long held(RedisLink redis, long nowMillis) {
    long cut = redis.cutOffSinceMillis();
    long noticed = cut + NOTICED_MILLIS;
    long back = redis.isCutOff() ? nowMillis : redis.reachableSinceMillis();
    if (cut < 0 || noticed >= back || stream.endedMillis > back) {
      return -1;
    }
    long spent = Math.max(0, noticed - stream.endedMillis);
    return spent >= GRACE_MILLIS ? -1 : back + SETTLED_MILLIS + GRACE_MILLIS - spent;
  }

  private long untilLost(SimulatedNode node, long until, long nowMillis, World world) {
    long lease = world.leaseFrom(node) + LEASE_MILLIS;
    long lost = lease + HANDOVER_MILLIS;
    if (node.isDead()) {
      return until >= node.endedAtMillis() ? lost : -1;
    }
    long cut = world.cutOffAlone(node);
    if (cut >= 0) {
      lost = Math.min(lost, cut + CUT_OFF_MILLIS);
    }
    if (world.redisAway()) {
      return Long.MAX_VALUE;
    }
    if (nowMillis >= lost) {
      lapsed = true;
    }
    return lost;
  }

  /** When its client left, as far as servers could know. */
  long leftMillis() {
    if (stream.signOutMillis >= 0) {
      return stream.signOutMillis;
    }
    return over ? overMillis : stream.lastReachedMillis;
  }

  /** Until when it may count at the latest, faults aside; -1 if it ended at once. */
  long countsUntil(long nowMillis, World world) {
    long left = leftMillis();
    if ((stream.signOutMillis >= 0 || over) && !stream.stoppedBefore(left + TELLING_MILLIS)) {
      return left;
    }
    long until =
        stream.endedMillis >= 0
            ? stream.endedMillis + GRACE_MILLIS
            : stream.lastReachedMillis + stream.timeoutMillis() + GRACE_MILLIS;
    SimulatedNode node = stream.node;
    if (node != null && node.isDead()) {
      until = Math.max(until, world.leaseFrom(node) + LEASE_MILLIS + HANDOVER_MILLIS);
      until = Math.max(until, node.hasEnded() ? node.endedAtMillis() + HANDOVER_MILLIS : -1);
      return stream.isUntold() ? Math.max(until, onOlderStreamsUntil(world)) : until;
    }
    return until;
  }

  /** Whoever has an older stream has not heard of the newest, and goes by what it has. */
  private long onOlderStreamsUntil(World world) {
    long latest = -1;
    for (StreamTruth older : world.truth().streamsOf(this)) {
      if (older.attempt < stream.attempt) {
        latest = Math.max(latest, older.endedOrSilentMillis() + GRACE_MILLIS);
      }
    }
    return latest;
  }

  /** Whether everything about it is settled: it is up, and nothing changed for a while. */
  boolean isSteady(long nowMillis, long forMillis, World world) {
    @Nullable SimulatedNode node = stream.node;
    return stream.endedMillis < 0
        && node != null
        && node.process().runs()
        && nowMillis - stream.greetedMillis > forMillis
        && nowMillis - stream.changedMillis > forMillis
        && nowMillis - stream.lastReachedMillis < stream.timeoutMillis()
        && isProtected(nowMillis, world);
  }
}
