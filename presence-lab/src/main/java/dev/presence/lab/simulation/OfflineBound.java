package dev.presence.lab.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By when a watcher must be told that a session is over: the moment until which it may count, by
 * the way its client left, and a little time to tell. Time in which the watcher's server or the
 * session's was out of contact with Redis does not count, nor does what servers wait once they are
 * in contact again. Nothing else puts it off.
 */
final class OfflineBound {

  /** A sign-out shows so soon; so does whatever ends by a timer. */
  private static final long TELLING_MILLIS = 1_000;

  /** What becomes of a lost server is found out by others, and takes them so long. */
  private static final long LOST_TELLING_MILLIS = 4_000;

  private static final long SLACK_MILLIS = 1_500;

  /** Messages that are lost or late are made up for so soon. */
  static final long HIDDEN_MILLIS = 5_000;

  /** After contact is regained: timers run on, and verdicts are passed. */
  private static final long SETTLE_MILLIS = 2_000;

  /** By then a grace period that stood still is over. */
  private static final long HELD_MILLIS = SETTLE_MILLIS + SessionTruth.GRACE_MILLIS;

  private static final long REGAINED_MILLIS = SETTLE_MILLIS + SessionTruth.LEASE_MILLIS;

  /** Servers that do not reach Redis ask the others so often. */
  private static final long ASKING_MILLIS = 1_000;

  /** For so long after its last question one of them is waited for. */
  private static final long LISTENING_MILLIS = 2_500;

  /** An Open that is never acknowledged is given up so late. */
  private static final long UNACKNOWLEDGED_MILLIS = 2_500;

  private final World world;
  private final @Nullable SimulatedNode watching;
  private final long sinceMillis;
  private final long nowMillis;

  /**
   * The bounds for one watcher.
   *
   * @param watcher the watcher's stream: its server cannot tell it anything before it came
   */
  OfflineBound(World world, @Nullable StreamTruth watcher, long nowMillis) {
    this.world = world;
    watching = watcher == null ? null : watcher.node;
    sinceMillis = watcher == null ? 0 : watcher.greetedMillis;
    this.nowMillis = nowMillis;
  }

  /**
   * For all of a user's sessions, and for what may be a session; -1 if there was none. The newest
   * come first, and the first that has not passed is enough.
   */
  long of(Person person) {
    long latest = -1;
    for (SessionTruth session : world.truth().of(person).reversed()) {
      latest = Math.max(latest, of(session));
      if (latest >= nowMillis) {
        return latest;
      }
    }
    for (StreamTruth stream : world.truth().ungreetedOf(person)) {
      latest = Math.max(latest, of(stream));
    }
    return latest;
  }

  /** For a session. */
  long of(SessionTruth session) {
    SimulatedNode node = session.stream.node;
    boolean lost = node != null && node.isDead();
    long until = session.countsUntil(nowMillis, world);
    return stretched(session.leftMillis(), until, node, session.stream.signOutNode, lost);
  }

  /**
   * Whether a session may have counted at that time: by the way its client left, or because its
   * server's grace timers stood still while it was out of contact.
   */
  boolean mayCountAt(SessionTruth session, long millis) {
    if (session.countsUntil(nowMillis, world) >= millis) {
      return true;
    }
    SimulatedNode node = session.stream.node;
    return node != null
        && session.stream.signOutMillis < 0
        && world.faults().outOfContact(List.of(node)).stream()
            .anyMatch(
                fault ->
                    fault.endMillis >= session.leftMillis()
                        && fault.startMillis <= nowMillis
                        && Math.min(fault.endMillis, nowMillis) + HELD_MILLIS >= millis);
  }

  /** For a stream that was never told hello: its server may have made a session of it. */
  private long of(StreamTruth stream) {
    SimulatedNode node = stream.node;
    boolean lost = node != null && node.isDead();
    long until = stream.endedOrSilentMillis() + UNACKNOWLEDGED_MILLIS + SessionTruth.GRACE_MILLIS;
    if (node != null && lost) {
      until = Math.max(until, world.leaseFrom(node) + LOST_MILLIS);
    }
    return stretched(stream.endedOrSilentMillis(), until, node, null, lost);
  }

  private static final long LOST_MILLIS = SessionTruth.LEASE_MILLIS + SessionTruth.HANDOVER_MILLIS;

  private long stretched(
      long leftMillis,
      long until,
      @Nullable SimulatedNode node,
      @Nullable SimulatedNode signOutNode,
      boolean lost) {
    long bound =
        Math.max(until, sinceMillis) + SLACK_MILLIS + (lost ? LOST_TELLING_MILLIS : TELLING_MILLIS);
    if (bound < nowMillis && world.faults().wakingFailed(HIDDEN_MILLIS)) {
      bound += HIDDEN_MILLIS;
    }
    if (bound >= nowMillis) {
      return bound;
    }
    List<SimulatedNode> concerned = new ArrayList<>();
    if (node != null) {
      concerned.add(node);
    }
    if (signOutNode != null) {
      concerned.add(signOutNode);
    }
    if (watching != null) {
      concerned.add(watching);
      if (lost) {
        // A server in its first lease of contact passes no verdict on others.
        bound = Math.max(bound, regained(watching.startedMillis()));
      }
    }
    long counted = leftMillis;
    for (FaultLog.Entry fault : world.faults().outOfContact(concerned)) {
      long end = Math.min(fault.endMillis, nowMillis);
      if (end + REGAINED_MILLIS < leftMillis || fault.startMillis > bound) {
        continue;
      }
      bound += Math.max(0, end - Math.max(counted, fault.startMillis)) + REGAINED_MILLIS;
      counted = Math.max(counted, end);
      if (lost) {
        bound = Math.max(bound, regained(end));
      }
    }
    // Who had not read all of a server's part waits for the server, or until it is lost.
    bound = Math.max(bound, regained(world.faults().rewriteInterruptedMillis()));
    return Math.max(bound, unheardUntil() + SLACK_MILLIS + TELLING_MILLIS);
  }

  /**
   * Until when the watcher's server waits for others that take clients in without Redis, of whom
   * nobody else knows: until they have been heard, and at most for as long as they take to move
   * their clients once it could tell them that it reaches Redis.
   */
  private long unheardUntil() {
    long until = 0;
    if (watching != null) {
      long reaches = Math.max(watching.startedMillis(), watching.redis().reachableSinceMillis());
      for (SimulatedNode node : world.nodesOnceAlone()) {
        long moved =
            Math.max(reaches, node.aloneMillis()) + ASKING_MILLIS + SessionTruth.CUT_OFF_MILLIS;
        long heard = node.aloneEndMillis() < 0 ? moved : node.aloneEndMillis() + LISTENING_MILLIS;
        until = Math.max(until, Math.min(moved, heard));
      }
    }
    return until;
  }

  /** When a server that is in contact from then on has told of those that are lost. */
  private static long regained(long millis) {
    return millis + LOST_MILLIS + LOST_TELLING_MILLIS + SLACK_MILLIS;
  }
}
