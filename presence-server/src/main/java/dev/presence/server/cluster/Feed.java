package dev.presence.server.cluster;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server has of one other node: in order, without gaps. Any gap is repaired by reading
 * all of the node's part again. Belongs to the cluster's loop.
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

  /** The head at the renewal before: still ahead at the next one, a message was lost. */
  private Position headSeen = Position.NONE;

  /** Change sets that came while the node was being read. */
  private List<ChangeSet> held = new ArrayList<>();

  private boolean reading;
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
            () -> loop.execute(this::subscribed));
  }

  /**
   * Subscribe first, read second: then nothing can fall between. After a later resubscription the
   * head tells whether something was missed.
   */
  private void subscribed() {
    if (position == null) {
      read();
    } else if (!ended) {
      var _ =
          store
              .heads(List.of(node))
              .whenCompleteAsync(
                  (heads, failure) -> {
                    if (failure == null) {
                      contact.answered(loop.nowMillis());
                      Position head = heads.get(node);
                      if (head == null || !reached(head)) {
                        read();
                      }
                    } else {
                      read();
                    }
                  },
                  loop);
    }
  }

  private void arrived(ChangeSet changeSet) {
    if (ended) {
      return;
    }
    if (reading) {
      held.add(changeSet);
      return;
    }
    Position at = position;
    if (at == null || at.reached(changeSet.position())) {
      return;
    }
    boolean next =
        !changeSet.reset()
            && changeSet.position().epoch() == at.epoch()
            && changeSet.previousSeq() == at.seq();
    if (next) {
      position = changeSet.position();
      sink.apply(changeSet);
      onProgress.run();
    } else {
      read();
    }
  }

  /** Reads all of the node's part, unless that is under way. */
  void read() {
    if (!reading && !ended) {
      reading = true;
      tryRead();
    }
  }

  private void tryRead() {
    if (!ended) {
      var _ =
          store.read(node).whenCompleteAsync((image, failure) -> readEnded(image, failure), loop);
    }
  }

  private void readEnded(@Nullable NodeImage image, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (image == null) {
      log.atDebug()
          .addKeyValue("node", node)
          .setCause(failure)
          .log("reading a node failed, trying again");
      loop.schedule(RETRY_MILLIS, this::tryRead);
      return;
    }
    contact.answered(loop.nowMillis());
    if (position != null && !image.position().reached(position)) {
      // The store lost history. Its owner will write it again; until then we keep what we have.
      contact.interrupt(loop.nowMillis());
      loop.schedule(RETRY_MILLIS, this::tryRead);
      return;
    }
    log.atDebug()
        .addKeyValue("node", node)
        .addKeyValue("position", image.position())
        .addKeyValue("sessions", image.records().size())
        .log("read a node in full");
    reading = false;
    position = image.position();
    sink.replace(node, image.records());
    List<ChangeSet> waiting = held;
    held = new ArrayList<>();
    waiting.forEach(this::arrived);
    onProgress.run();
  }

  /**
   * A renewal shows the node's head, up to a second old. If we are still behind the one shown at
   * the renewal before, a message was lost. True unless the head is lower than one shown before:
   * then the store lost history.
   */
  boolean headAtRenewal(Position head) {
    if (position != null && !position.reached(headSeen)) {
      read();
    }
    boolean risen = head.reached(headSeen);
    headSeen = head;
    return risen;
  }

  /** Whether everything up to {@code head} is in the replica. */
  boolean reached(Position head) {
    return position != null && !reading && position.reached(head);
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
