package dev.presence.server.redis;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Sessions and nodes to test with, the same in every run. */
final class Samples {

  static final NodeId NODE = new NodeId("server-1.20260101T000000.a1");
  static final NodeId OTHER = new NodeId("server-2.20260101T000000.b2");

  private static final long OPENED_MILLIS = 1_767_225_600_000L;

  private static final CompletionStage<Boolean> REFUSED = CompletableFuture.completedFuture(false);

  private Samples() {}

  /** Session number {@code number}: its id and user follow from it. */
  static SessionRecord session(int number) {
    return new SessionRecord(
        SessionId.create(OPENED_MILLIS + number, new Random(number)),
        new UserId("user-" + number),
        "android",
        1,
        Phase.CONNECTED,
        Activity.ACTIVE,
        new Wish(Availability.BUSY, OPENED_MILLIS - 1),
        OPENED_MILLIS + number,
        null);
  }

  static List<SessionRecord> sessions(int count) {
    return IntStream.range(0, count).mapToObj(Samples::session).toList();
  }

  static SessionRecord closed(int number) {
    return session(number).closed(CloseReason.SIGNED_OUT, OPENED_MILLIS + number + 1);
  }

  static SessionKey removal(int number) {
    return new SessionKey(session(number).id(), session(number).user());
  }

  /** Writes all of a node's part again, in one chunk. True: done. */
  static boolean rewrite(
      ClusterStore store, NodeId node, Position position, Collection<SessionRecord> records) {
    return RedisExtension.await(
        store
            .beginRewrite(node, position.epoch())
            .thenCompose(
                begun -> begun ? store.addToRewrite(node, position.epoch(), 0, records) : REFUSED)
            .thenCompose(added -> added ? store.endRewrite(node, position, 1) : REFUSED));
  }

  static ChangeSet changes(Position position, SessionRecord... records) {
    return changes(position, List.of(records), List.of());
  }

  static ChangeSet changes(
      Position position, List<SessionRecord> records, List<SessionKey> removals) {
    return new ChangeSet(NODE, position, position.seq() - 1, false, records, removals);
  }

  static NodeRecord record(NodeId node) {
    return new NodeRecord(
        node, 0, false, new Position(3, 14), "10.0.0.7:9201", 15, true, true, true, false);
  }
}
