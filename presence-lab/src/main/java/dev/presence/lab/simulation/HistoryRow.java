package dev.presence.lab.simulation;

import dev.presence.server.journal.SessionRow;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A row of the history, and which of two stands.
 *
 * @param session the session
 * @param user whose it is
 * @param device the kind of device
 * @param node who owns it, or owned it last
 * @param attempt the number of its newest stream
 * @param epoch the node's epoch
 * @param openedAtMillis when the session first opened
 * @param lastSignOfLifeMillis the last message of the client
 * @param closedAtMillis 0 while open
 * @param closeReason null while open
 * @param stage how final it is
 */
public record HistoryRow(
    SessionId session,
    UserId user,
    String device,
    NodeId node,
    int attempt,
    long epoch,
    long openedAtMillis,
    long lastSignOfLifeMillis,
    long closedAtMillis,
    @Nullable CloseReason closeReason,
    Stage stage) {

  /** How final a row is; the later ones outrank the earlier ones. */
  public enum Stage {
    /** The session goes on. */
    OPEN,
    /** Closed because its node was lost. */
    LOST,
    /** Closed for any other reason, by the node that owned it. */
    CLOSED
  }

  static HistoryRow of(NodeId node, SessionRow row) {
    return new HistoryRow(
        row.session(),
        row.user(),
        row.device().replace("\0", ""),
        node,
        row.attempt(),
        row.nodeEpoch(),
        row.session().openedAtMillis(),
        row.lastSignOfLifeMillis(),
        row.closedAtMillis(),
        row.closeReason(),
        row.lost() ? Stage.LOST : row.closed() ? Stage.CLOSED : Stage.OPEN);
  }

  /** Whether the session goes on, as far as this row knows. */
  public boolean open() {
    return closeReason == null;
  }

  /** This row, unless {@code row} of the same session is newer. */
  HistoryRow newerOr(HistoryRow row) {
    if (!user.equals(row.user) || !row.isNewerThan(this)) {
      return this;
    }
    return new HistoryRow(
        session,
        user,
        device,
        row.node,
        row.attempt,
        row.epoch,
        openedAtMillis,
        row.lastSignOfLifeMillis,
        row.closedAtMillis,
        row.closeReason,
        row.stage);
  }

  private boolean isNewerThan(HistoryRow old) {
    if (attempt != old.attempt) {
      return attempt > old.attempt;
    }
    // Epochs of two nodes say nothing of each other.
    boolean sameNode = node.equals(old.node);
    if (sameNode && epoch != old.epoch) {
      return epoch > old.epoch;
    }
    int later = stage.compareTo(old.stage);
    return later > 0
        || (later == 0 && !sameNode && lastSignOfLifeMillis > old.lastSignOfLifeMillis);
  }

  /** The same, closed since its node was lost. */
  HistoryRow lost(long signOfLifeMillis, long nowMillis) {
    return new HistoryRow(
        session,
        user,
        device,
        node,
        attempt,
        epoch,
        openedAtMillis,
        signOfLifeMillis,
        nowMillis,
        CloseReason.NODE_LOST,
        Stage.LOST);
  }

  /** An open row, as its owner wrote it. */
  SessionRow whileOpen() {
    return new SessionRow(session, user, device, attempt, epoch, lastSignOfLifeMillis, 0, null);
  }
}
