package dev.presence.lab.simulation.contract;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A store, empty before each test, and what can befall it. Stages may complete on other threads, or
 * when a clock is moved: the contracts wait by {@link #await} and {@link #eventually} alone.
 */
public interface StoreUnderTest {

  /** How long leases are. */
  long LEASE_MILLIS = 5_000;

  /** The store, as a server has it. */
  ClusterStore store();

  /**
   * The topic, as another server has it. A subscriber hears nothing of what stages that {@link
   * #await} saw complete had published before it subscribed.
   */
  ChangeTopic topic();

  /** The value of a stage that is to complete. */
  <T> T await(CompletionStage<T> stage);

  /**
   * Gives messages their time, until {@code assertion} holds; fails as it does if it never does.
   */
  void eventually(Runnable assertion);

  /** All is lost. */
  void wipe();

  /** A node's head, map and stream are lost, and nothing else. */
  void losePart(NodeId node);

  /**
   * For how long each of a node's head, map and stream stays if nobody writes to them, in
   * milliseconds; -1 if there is none, or one stays for good.
   */
  long keptMillis(NodeId node);

  /** A node's record is lost, and nothing else. */
  void loseRecord(NodeId node);

  /** Keeps a node's head, map and stream for {@link #restore}. */
  void save(NodeId node);

  /** A node's head, map and stream fall back to what they were at {@link #save}. */
  void restore(NodeId node);

  /** The store's clock goes forward by {@code millis}, so that the shared clock does. */
  void passTime(long millis);

  /**
   * The store's clock falls back by {@code millis}, at most by as much as it was moved forward:
   * another master with a slower clock takes over.
   */
  void clockFallsBack(long millis);

  /** Publishes. */
  default boolean publish(ChangeSet changeSet) {
    return await(store().publish(changeSet));
  }

  /** Begins a rewrite. */
  default boolean begin(NodeId node, long epoch) {
    return await(store().beginRewrite(node, epoch));
  }

  /** Adds a chunk. */
  default boolean add(NodeId node, long epoch, int chunk, SessionRecord... records) {
    return await(store().addToRewrite(node, epoch, chunk, List.of(records)));
  }

  /** Ends a rewrite. */
  default boolean end(NodeId node, long epoch, long seq, int chunks) {
    return await(store().endRewrite(node, new Position(epoch, seq), chunks));
  }

  /** Writes all of a node's part again, in one chunk. */
  default boolean rewrite(NodeId node, long epoch, long seq, SessionRecord... records) {
    return begin(node, epoch) && add(node, epoch, 0, records) && end(node, epoch, seq, 1);
  }

  /** A node's head, where it has one. */
  default List<Head> head(NodeId node) {
    return List.copyOf(await(store().heads(List.of(node))).values());
  }

  /** A node's map. */
  default List<SessionRecord> records(NodeId node) {
    return await(store().read(node)).records();
  }

  /** Renews a node's lease; its head is of {@code epoch}. */
  default Renewal renew(NodeId node, long epoch) {
    return renew(node, epoch, 0);
  }

  /** The same, by one who has seen the shared clock show {@code notBeforeMillis}. */
  default Renewal renew(NodeId node, long epoch, long notBeforeMillis) {
    return await(store().renew(Facts.record(node, epoch), LEASE_MILLIS, notBeforeMillis));
  }
}
