package dev.presence.server.journal;

import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What keeps the history: PostgreSQL, or a map in a simulation. The methods block, and throw {@link
 * RuntimeException} when the work could not be done; each is then repeated, so each may be applied
 * more than once.
 */
public interface JournalSink {

  /**
   * Writes session rows, last seen times, wishes and the cursor, all or nothing. Rows of one batch
   * have different sessions, wishes different users. A row changes only for a greater (attempt,
   * node epoch, phase), or (attempt, phase, last sign of life) if it is another node's, and then in
   * all it says, so that an owner corrects the last sign of life that a finisher could only guess;
   * a last seen and a wish change only for a later one. A node in whose name a row is open stands
   * among the {@link #openNodes}, though it may have been marked ended, or not have said yet that
   * it is alive.
   *
   * @param cursor the place in the node's stream up to which everything has been written
   */
  void write(NodeId node, Position cursor, Collection<SessionRow> rows, Collection<WishRow> wishes);

  /**
   * Says that a node is alive: {@code nodes.started_at}, {@code nodes.alive_at}.
   *
   * @param address of its internal port, {@code host:port}; empty where it has none
   */
  void alive(NodeId node, String address, long startedAtMillis, long nowMillis);

  /**
   * Nodes that have not ended, with the time at which they last said that they are alive (Unix
   * milliseconds).
   */
  Map<NodeId, Long> openNodes();

  /**
   * Where nodes that have not ended can be reached past the store: those first that were the last
   * to say that they are alive, and at most {@link Limits#ACQUAINTANCES}.
   */
  List<String> openAddresses();

  /**
   * Closes the rows that a lost node left open (reason NODE_LOST, phase between open and closed for
   * another reason), raises the users' last seen, and marks the node ended if no row is left open
   * in its name. Returns how many rows were closed.
   *
   * @param epoch the last epoch of which the node is known to be lost: rows of a later one are
   *     those of a node that has come back, and stay as they are
   * @param lastRenewalMillis the node's last renewal, which stands for the sessions' last sign of
   *     life
   */
  int closeLost(NodeId node, long epoch, long lastRenewalMillis, long nowMillis);

  /** Marks a node ended that left no open row behind, in an orderly shutdown. */
  void ended(NodeId node, long nowMillis);

  /** Up to where a node's change sets have been written; {@link Position#NONE} if nothing was. */
  Position cursor(NodeId node);

  /** The greatest epoch of the rows that are open in this node's name; 0 if none is. */
  long openEpoch(NodeId node);

  /** The rows that are open in this node's name, by session. */
  List<SessionRow> openRows(NodeId node);
}
