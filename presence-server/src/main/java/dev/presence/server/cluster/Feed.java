package dev.presence.server.cluster;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server has of one other node: in order, without gaps. Messages only wake; a gap is
 * filled from the node's stream, and where that does not reach back far enough, by reading all of
 * the node's part. Belongs to the cluster's loop.
 */
final class Feed {

  private static final Logger log = LoggerFactory.getLogger(Feed.class);

  private static final long RETRY_MILLIS = 250;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId node;
  private final Contact contact;
  private final ReplicaSink sink;
  private final Runnable onProgress;
  private final ChangeTopic.Subscription subscription;

  /** Up to where the replica holds the node's part; null before the first reading. */
  private @Nullable Position position;

  /** The newest place heard of, by message or by head. */
  private Position heard = Position.NONE;

  /** The head at the renewal before: still ahead at the next one, a message was lost. */
  private Position headSeen = Position.NONE;

  /** Whether a message came since the last renewal, and at how many renewals one was missing. */
  private boolean woken;

  private int missed;

  /** The node's lease is over: what it was writing will not be completed. */
  private boolean leaseOver;

  private boolean repairing;

  /** Where the last repair ended: one that gets no further is in no hurry to be repeated. */
  private @Nullable Position repairedFrom;

  /** The store has less than we have: noticed, and not mended yet. */
  private boolean rolledBack;

  /** What stands in the replica was read while the node wrote its part anew, and has gone since. */
  private boolean incomplete;

  private boolean ended;

  Feed(
      EventLoop loop,
      ClusterStore store,
      ChangeTopic topic,
      NodeId node,
      Contact contact,
      ReplicaSink sink,
      Runnable onProgress) {
    this.loop = loop;
    this.store = store;
    this.node = node;
    this.contact = contact;
    this.sink = sink;
    this.onProgress = onProgress;
    subscription =
        topic.subscribe(
            node,
            changeSet -> loop.execute(() -> arrived(changeSet)),
            () -> loop.execute(this::repair));
  }

  private void arrived(ChangeSet changeSet) {
    if (ended) {
      return;
    }
    woken = true;
    missed = 0;
    hear(changeSet.position());
    Position at = position;
    if (at == null || repairing || at.reached(changeSet.position())) {
      return;
    }
    if (follows(changeSet, at)) {
      take(changeSet);
      onProgress.run();
    } else {
      repair();
    }
  }

  private void hear(Position place) {
    if (!heard.reached(place)) {
      heard = place;
    }
  }

  private static boolean follows(ChangeSet changeSet, Position at) {
    return !changeSet.reset()
        && changeSet.position().epoch() == at.epoch()
        && changeSet.previousSeq() == at.seq();
  }

  private void take(ChangeSet changeSet) {
    position = changeSet.position();
    sink.apply(changeSet);
  }

  /**
   * Makes sure that nothing is missing, unless that is under way. Called at each (re)subscription
   * too: subscribe first, read second, so that nothing can fall between.
   */
  void repair() {
    if (!repairing && !ended) {
      repairing = true;
      tryRepair();
    }
  }

  private void tryRepair() {
    Position at = position;
    if (ended) {
      return;
    }
    if (at == null) {
      readAll();
      return;
    }
    var _ =
        store
            .changes(node, at, Limits.CATCH_UP_CHANGE_SETS)
            .whenCompleteAsync((changes, failure) -> changesRead(changes, failure), loop);
  }

  private void changesRead(Optional<List<ChangeSet>> changes, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (failure != null) {
      later(failure, this::tryRepair);
      return;
    }
    contact.answered(loop.nowMillis());
    if (changes.isEmpty()) {
      readAll();
      return;
    }
    changes.get().forEach(this::take);
    if (changes.get().size() == Limits.CATCH_UP_CHANGE_SETS) {
      onProgress.run();
      tryRepair();
    } else {
      repaired();
    }
  }

  private void readAll() {
    var _ = store.read(node).whenCompleteAsync((image, failure) -> imageRead(image, failure), loop);
  }

  private void imageRead(@Nullable NodeImage image, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (image == null) {
      later(failure, this::readAll);
      return;
    }
    contact.answered(loop.nowMillis());
    Head head = image.head();
    if (position != null && !head.reached(position)) {
      // The store lost history. Its owner will write it again; until then we keep what we have.
      if (!rolledBack) {
        rolledBack = true;
        contact.interrupt(loop.nowMillis());
      }
      later(null, this::readAll);
      return;
    }
    if (head.building() && (position != null || !leaseOver)) {
      // Incomplete. From a node that is gone it is still better than nothing.
      later(null, this::readAll);
      return;
    }
    log.atDebug()
        .addKeyValue("node", node)
        .addKeyValue("head", head)
        .addKeyValue("sessions", image.records().size())
        .log("read a node in full");
    position = head.position();
    incomplete = head.building();
    sink.replace(node, image.records());
    repaired();
  }

  private void later(@Nullable Throwable failure, Runnable again) {
    if (failure != null) {
      log.atDebug()
          .addKeyValue("node", node)
          .setCause(failure)
          .log("reading a node failed, trying again");
    }
    loop.schedule(RETRY_MILLIS, again);
  }

  private void repaired() {
    Position before = repairedFrom;
    repairedFrom = position;
    rolledBack = false;
    onProgress.run();
    if (position != null && position.reached(heard)) {
      repairing = false;
    } else if (Objects.equals(before, position)) {
      // The store does not have what we heard of. Its owner is about to notice.
      later(null, this::tryRepair);
    } else {
      tryRepair();
    }
  }

  /** Fills the gap if {@code head} shows that there is one. */
  void repairUnlessReached(Position head) {
    if (!reached(head)) {
      repair();
    }
  }

  /**
   * A renewal shows the node's head, up to a second old. If we are still behind the one shown at
   * the renewal before, a message was lost. True unless the head is lower than the one before.
   */
  boolean headAtRenewal(Position head, boolean nowOver) {
    leaseOver = nowOver;
    if (position != null && !position.reached(headSeen)) {
      missed = woken ? 0 : missed + 1;
      repair();
    }
    woken = false;
    boolean risen = head.reached(headSeen);
    headSeen = head;
    return risen;
  }

  /** At how many renewals in a row the head had moved without a single message. */
  int missed() {
    return missed;
  }

  void subscribedAnew() {
    missed = 0;
  }

  /** Whether everything up to {@code head} is in the replica. */
  boolean reached(Position head) {
    return position != null && position.reached(head);
  }

  /** Whether {@code head} is lower than what this server has seen of the node already. */
  boolean isLower(Position head) {
    return position != null && !head.reached(position);
  }

  /** Whether there may be more than was read, though the node has been read in full. */
  boolean incomplete() {
    return incomplete;
  }

  /** Whether the store has less of the node than this server, until the node writes it again. */
  boolean rolledBack() {
    return rolledBack;
  }

  /** Whether the node has been read at all. */
  boolean complete() {
    return position != null;
  }

  void end() {
    ended = true;
    subscription.cancel();
  }
}
