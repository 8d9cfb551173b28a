package dev.presence.lab.simulation;

import dev.presence.server.model.CloseReason;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a closed session's row may say, given what really happened to its streams. */
final class RowTruth {

  /** How near the last sign of life is where its server lived to tell. */
  private static final long EXACT_MILLIS = 1_000;

  /** Where it did not, its last renewal stands for it. */
  private static final long INEXACT_MILLIS = 10_500;

  /** A server that was out of contact so shortly before its death had not renewed. */
  private static final long UNRENEWED_MILLIS = 15_000;

  /** How long a server may take to tell the others that it has suspended a session. */
  private static final long TELLING_MILLIS = 1_500;

  private final World world;
  private final SessionTruth session;
  private final List<StreamTruth> streams;
  private final List<SimulatedNode> nodes;

  RowTruth(World world, SessionTruth session) {
    this.world = world;
    this.session = session;
    streams = world.truth().streamsOf(session);
    nodes =
        streams.stream().map(stream -> stream.node).filter(Objects::nonNull).distinct().toList();
  }

  /** Null if nothing is. */
  @Nullable String whatIsWrong(HistoryRow row) {
    CloseReason reason = Objects.requireNonNull(row.closeReason());
    if (!fits(reason)) {
      return "a row that says " + reason + "; " + story();
    }
    long off = off(row);
    if (off != 0 && !world.historyMayBeLost(session)) {
      return "a row whose last sign of life is " + off + " ms off, by " + reason + "; " + story();
    }
    return null;
  }

  private boolean fits(CloseReason reason) {
    boolean signedOut =
        !troubled() && session.stream.signOutMillis >= 0 && !session.stream.isUntold();
    return switch (reason) {
      case SIGNED_OUT -> session.device.signOutSentMillis() >= 0;
      case NODE_LOST -> troubled();
      case HEARTBEAT_TIMEOUT -> !signedOut && streams.stream().anyMatch(this::fellSilent);
      case CONNECTION_LOST ->
          !signedOut && (troubled() || streams.stream().anyMatch(stream -> !fellSilent(stream)));
      default -> false;
    };
  }

  private boolean fellSilent(StreamTruth stream) {
    return stream.closed == CloseReason.HEARTBEAT_TIMEOUT && (stream.wasSilent() || troubled());
  }

  /** Whether one of its servers died, or may have been taken for lost. */
  private boolean troubled() {
    return died()
        || world.faults().outOfContact(nodes).stream()
            .anyMatch(fault -> fault.endMillis >= session.firstHelloMillis);
  }

  private boolean died() {
    return nodes.stream().anyMatch(SimulatedNode::isDead);
  }

  /** By how much a last sign of life is too late, or too early (below 0). */
  private long off(HistoryRow row) {
    long millis = row.lastSignOfLifeMillis();
    boolean lost = row.closeReason() == CloseReason.NODE_LOST;
    long inexact = lost || died() ? INEXACT_MILLIS : EXACT_MILLIS;
    long least = Long.MIN_VALUE;
    long most = session.lastCallMillis + inexact;
    for (StreamTruth stream : streams) {
      if (!stream.session.isEmpty() && !unrenewed(stream) && !followed(stream, row)) {
        least = Math.max(least, stream.lastSignCameMillis - inexact);
      }
      most =
          Math.max(
              most, stream.lastSignOfLifeMillis + Math.max(inexact, lost ? silence(stream) : 0));
    }
    return millis < least ? millis - least : Math.max(0, millis - most);
  }

  /**
   * Whether a newer stream was told hello on a server that tells, or is the one that the row is of.
   * What a client that moves says on the old one until then may be lost: its server has no word any
   * more in what is written.
   */
  private boolean followed(StreamTruth stream, HistoryRow row) {
    return streams.stream()
        .filter(other -> other.attempt > stream.attempt)
        .anyMatch(
            other ->
                other.attempt == row.attempt() || (!other.session.isEmpty() && !unrenewed(other)));
  }

  /**
   * For how long nothing may have been heard on a stream before its server was lost. Where it was
   * over by then, its last sign of life went to the store along with the suspension.
   */
  private long silence(StreamTruth stream) {
    if (stream.endedMillis >= 0 && !suspendedInSecret(stream)) {
      return 0;
    }
    long stoodStill = world.faults().stoodStillMillis(stream.node, stream.lastReachedMillis);
    return stream.timeoutMillis() + stoodStill + SessionTruth.GRACE_MILLIS + EXACT_MILLIS;
  }

  /** Whether its server was out of contact from then on until it died: nobody can know of it. */
  private boolean suspendedInSecret(StreamTruth stream) {
    SimulatedNode node = stream.node;
    if (node == null || !node.isDead()) {
      return false;
    }
    // By several cuts, perhaps, of which each began before the one before had ended.
    RedisLink link = node.redis();
    return (link.isCutOff() && link.cutOffSinceMillis() <= stream.endedMillis + TELLING_MILLIS)
        || world.faults().outOfContact(List.of(node)).stream()
            .anyMatch(
                fault ->
                    fault.startMillis <= stream.endedMillis + TELLING_MILLIS
                        && fault.endMillis + TELLING_MILLIS >= node.endedAtMillis());
  }

  private boolean unrenewed(StreamTruth stream) {
    SimulatedNode node = stream.node;
    return node != null
        && node.isDead()
        && world.faults().outOfContact(List.of(node)).stream()
            .anyMatch(
                fault ->
                    fault.startMillis <= node.endedAtMillis()
                        && fault.endMillis + UNRENEWED_MILLIS >= node.endedAtMillis());
  }

  /** For people. */
  private String story() {
    StringBuilder story = new StringBuilder("its streams:");
    for (StreamTruth stream : streams) {
      story
          .append(" [attempt ")
          .append(stream.attempt)
          .append(" on ")
          .append(stream.node)
          .append(stream.session.isEmpty() ? ", no hello" : "")
          .append(", heard last ")
          .append(Trace.stamp(Math.max(0, stream.lastReachedMillis)))
          .append(stream.signOutMillis >= 0 ? ", signed out" : "")
          .append(", over ")
          .append(stream.endedMillis < 0 ? "never" : Trace.stamp(stream.endedMillis))
          .append(stream.closed == null ? "" : ", closed as " + stream.closed)
          .append(']');
    }
    return story.toString();
  }
}
