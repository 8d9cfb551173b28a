package dev.presence.server.cluster;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes keep their part and read the others': Redis, or a map in a simulation.
 *
 * <p>No method blocks. A stage completes on any thread; it fails when no answer came in time, and
 * then the work may have been done all the same. Every operation is therefore safe to repeat.
 */
public interface ClusterStore {

  /**
   * Appends a change set to its node's stream, applies it to the node's session map, moves the head
   * and wakes the readers; all or nothing. True: done, now or by an earlier call with the same
   * position. False: refused, because the head is neither this position nor {@link
   * ChangeSet#previousSeq()} within its epoch, so the store lost our history.
   */
  CompletionStage<Boolean> publish(ChangeSet changeSet);

  /**
   * Writes all of a node's part again, all or nothing: the map holds {@code records} and nothing
   * else, the head is {@code position}, the stream continues with a reset, the readers are woken.
   * True: done, now or earlier. False: refused, because the stored head is already of this epoch or
   * a later one (and not exactly {@code position}).
   */
  CompletionStage<Boolean> rewrite(
      NodeId node, Position position, Collection<SessionRecord> records);

  /**
   * Extends a node's lease by {@code leaseMillis} from the store's clock, and reads what all nodes
   * say of themselves. A record that is marked lost is left as it is, unless {@code
   * self.head().epoch()} is greater than the epoch in that record: then the node has written all of
   * its part again, and the mark goes.
   */
  CompletionStage<Renewal> renew(NodeRecord self, long leaseMillis);

  /** Reads the heads of nodes; one that has none is missing from the answer. */
  CompletionStage<Map<NodeId, Position>> heads(Collection<NodeId> nodes);

  /**
   * Reads all of a node's part: its map within one epoch, then its stream from the first head on,
   * so that the image is exact at its position. Fails if the node rewrites meanwhile; the answer of
   * a node without a head is an image at {@link Position#NONE}.
   */
  CompletionStage<NodeImage> read(NodeId node);

  /**
   * Marks a node lost, if its deadline is still {@code deadlineMillis} and over by the store's
   * clock. True: it is marked, now or earlier.
   */
  CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis);

  /** Forgets a node whose record is marked lost: the record and all of its keys. */
  CompletionStage<Void> forget(NodeId node);

  /** Trims a node's stream to change sets from {@code fromSeq} on. */
  CompletionStage<Void> trim(NodeId node, long fromSeq);

  /** Ends a node's lease now, in an orderly shutdown. */
  CompletionStage<Void> expire(NodeId node);

  /** How a renewal went. */
  enum RenewalOutcome {
    /** The lease is extended. */
    RENEWED,
    /**
     * There was no record of the node, and now there is: it is new, or the store lost its history.
     */
    REGISTERED,
    /** The node is marked lost in this epoch; nothing was changed. */
    LOST
  }

  /**
   * The answer to a renewal.
   *
   * @param outcome how it went
   * @param nowMillis the shared clock: the store's time, never going back
   * @param ownHead the node's own head as stored, null where there is none
   * @param nodes all node records, this node's too, by id
   */
  record Renewal(
      RenewalOutcome outcome,
      long nowMillis,
      @Nullable Position ownHead,
      Map<NodeId, NodeRecord> nodes) {}

  /**
   * All of a node's part.
   *
   * @param position where in the stream the image is exact
   * @param records the node's session map, tombstones included
   */
  record NodeImage(Position position, List<SessionRecord> records) {}
}
