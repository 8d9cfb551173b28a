package dev.presence.server.cluster;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * Begins to write all of a node's part again: the head says that the node is building in {@code
   * epoch}, and the map is empty. True: begun, now or earlier, and nothing of it is undone. False:
   * refused, because the stored head is of a later epoch, or of this one and complete.
   */
  CompletionStage<Boolean> beginRewrite(NodeId node, long epoch);

  /**
   * Adds one chunk to a part that is being built. Chunks come in order, and the head counts them,
   * so that none is missing in the end, whatever the store has lost meanwhile. True: added, now or
   * earlier. False: refused, because the head is not building in {@code epoch} with exactly {@code
   * chunk} chunks, nor with the one after.
   *
   * @param chunk how many chunks stand there already
   */
  CompletionStage<Boolean> addToRewrite(
      NodeId node, long epoch, int chunk, Collection<SessionRecord> records);

  /**
   * Completes a part that was built: the head is {@code position}, the stream continues with a
   * reset, the readers are woken. True: done, now or earlier. False: refused, because the head is
   * not building in that epoch with exactly {@code chunks} chunks.
   */
  CompletionStage<Boolean> endRewrite(NodeId node, Position position, int chunks);

  /**
   * Extends a node's lease by {@code leaseMillis} from the store's clock, and reads what all nodes
   * say of themselves. A record that is marked lost is left as it is, unless {@code
   * self.head().epoch()} is greater than the epoch in that record: then the node has written all of
   * its part again, and the mark goes.
   *
   * @param notBeforeMillis what the shared clock shows at least, whatever the store has lost of it
   */
  CompletionStage<Renewal> renew(NodeRecord self, long leaseMillis, long notBeforeMillis);

  /** Reads the heads of nodes; one that has none is missing from the answer. */
  CompletionStage<Map<NodeId, Head>> heads(Collection<NodeId> nodes);

  /**
   * Reads all of a node's part: its map within one epoch, then its stream from the first head on,
   * so that the image is exact at its position. Fails if the node begins to write its part again
   * meanwhile. The image of a part that is being built has the building head, and is incomplete; a
   * node without a head has an empty image at {@link Position#NONE}.
   */
  CompletionStage<NodeImage> read(NodeId node);

  /**
   * Reads a node's change sets after a place, in order and without a gap. Empty: the stream does
   * not go on from there (it was trimmed, or the node began another epoch, or the store lost
   * history); then the node is to be read in full. An empty list: there is nothing newer.
   *
   * @param limit the most change sets in one answer, at least 1
   */
  CompletionStage<Optional<List<ChangeSet>>> changes(NodeId node, Position after, int limit);

  /**
   * Reads what a node's stream holds after a number, in order, whatever the epochs: for the node
   * itself, to which a gap means that the store lost what was there. Empty: there is nothing newer.
   *
   * @param limit the most change sets in one answer, at least 1
   */
  CompletionStage<List<ChangeSet>> stream(NodeId node, long afterSeq, int limit);

  /**
   * Marks a node lost, if its deadline is still {@code deadlineMillis} and over by the store's
   * clock. True: it is marked, now or earlier.
   */
  CompletionStage<Boolean> markLost(NodeId node, long deadlineMillis);

  /**
   * Deletes all keys of a lost node and then its record, if the record is marked lost, with {@code
   * deadlineMillis}, and the head is still {@code finished}. True: nothing is left, by this call or
   * an earlier one. False: the node has come back, or its affairs are not what they were. Where the
   * record is gone already, the head alone decides.
   *
   * @param finished the head up to which the node's history has been written; null if there was
   *     none
   */
  CompletionStage<Boolean> forget(NodeId node, long deadlineMillis, @Nullable Head finished);

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
      @Nullable Head ownHead,
      Map<NodeId, NodeRecord> nodes) {}

  /**
   * All of a node's part.
   *
   * @param head where in the stream the image is exact
   * @param records the node's session map, tombstones included
   */
  record NodeImage(Head head, List<SessionRecord> records) {}
}
