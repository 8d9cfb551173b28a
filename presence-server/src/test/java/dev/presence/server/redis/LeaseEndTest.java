package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static dev.presence.server.redis.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.codec.StringCodec;

/** The scripts that end a node: mark_lost, expire, forget. */
final class LeaseEndTest {

  private static final long LEASE_MILLIS = 5_000;

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @Test
  void shouldMarkANodeLostOnceItsLeaseIsOver() {
    long deadline = renewed(NODE).leaseDeadlineMillis();
    assertThat(await(store.markLost(NODE, deadline))).as("not over").isFalse();

    setClockTo(deadline);
    assertThat(await(store.markLost(NODE, deadline))).isTrue();
    assertThat(await(store.markLost(NODE, deadline))).as("again").isTrue();

    assertThat(seen(NODE))
        .usingRecursiveComparison()
        .isEqualTo(
            new NodeRecord(
                NODE,
                deadline,
                true,
                new Position(3, 14),
                "10.0.0.7:9201",
                15,
                true,
                true,
                true,
                false));
  }

  @Test
  void shouldNotMarkANodeThatRenewedSinceTheCallerLooked() {
    long deadline = renewed(NODE).leaseDeadlineMillis();
    setClockTo(deadline + 1);
    renewed(NODE);

    assertThat(await(store.markLost(NODE, deadline))).isFalse();
    assertThat(seen(NODE).lost()).isFalse();
  }

  @Test
  void shouldNotMarkANodeThatNobodyKnows() {
    assertThat(await(store.markLost(NODE, 1))).isFalse();
  }

  @Test
  void shouldEndALeaseByItsNodesOwnWill() {
    renewed(NODE);

    await(store.expire(NODE));
    long deadline = seen(NODE).leaseDeadlineMillis();
    await(store.expire(NODE));

    assertThat(await(store.renew(Samples.record(OTHER), LEASE_MILLIS, 0)).nowMillis())
        .isBetween(deadline, deadline + 2_000);
    assertThat(seen(NODE).leaseDeadlineMillis()).as("the first end counts").isEqualTo(deadline);
    assertThat(seen(NODE).address()).isEqualTo("10.0.0.7:9201");
    assertThat(await(store.markLost(NODE, deadline))).isTrue();
  }

  @Test
  void shouldNotEndALeaseThatIsLostOrNotThere() {
    await(store.expire(NODE));
    assertThat(redis.raw().getMap(RedisKeys.NODES).sizeInMemory()).isZero();

    long deadline = lost(NODE);
    await(store.expire(NODE));
    assertThat(seen(NODE).lost()).isTrue();
    assertThat(seen(NODE).leaseDeadlineMillis()).isEqualTo(deadline);
  }

  @Test
  void shouldForgetALostNodeWithAllItsKeys() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));
    long deadline = lost(NODE);
    Head finished = Head.at(new Position(1, 1));

    assertThat(await(store.forget(NODE, deadline, finished))).isTrue();
    assertThat(await(store.forget(NODE, deadline, finished))).as("again").isTrue();

    assertThat(redis.raw().getKeys().getKeys())
        .containsExactlyInAnyOrder(RedisKeys.NODES, RedisKeys.CLOCK);
    assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).outcome())
        .isEqualTo(RenewalOutcome.REGISTERED);
  }

  @Test
  void shouldGoOnWhereForgettingWasInterrupted() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));
    long deadline = lost(NODE);
    redis.raw().getKeys().delete(RedisKeys.head(NODE));

    assertThat(await(store.forget(NODE, deadline, Head.at(new Position(1, 1))))).isTrue();

    assertThat(redis.raw().getKeys().getKeys())
        .containsExactlyInAnyOrder(RedisKeys.NODES, RedisKeys.CLOCK);
  }

  @Test
  void shouldForgetANodeThatDiedWhileItWasBuilding() {
    await(store.beginRewrite(NODE, 7));
    await(store.addToRewrite(NODE, 7, 0, Samples.sessions(3)));
    long deadline = lost(NODE);

    assertThat(await(store.forget(NODE, deadline, Head.building(6)))).isFalse();
    assertThat(await(store.forget(NODE, deadline, Head.at(new Position(7, 0))))).isFalse();
    assertThat(await(store.forget(NODE, deadline, Head.building(7)))).isTrue();

    assertThat(await(store.read(NODE)).records()).isEmpty();
  }

  @Test
  void shouldForgetAPartWhoseRecordWasLost() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));

    assertThat(await(store.forget(NODE, 0, Head.at(new Position(1, 2))))).isFalse();
    assertThat(await(store.forget(NODE, 0, Head.at(new Position(1, 1))))).isTrue();

    assertThat(redis.raw().getKeys().count()).isZero();
  }

  @Test
  void shouldKeepANodeThatIsNotWhatItWas() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));
    Head finished = Head.at(new Position(1, 1));
    long before = renewed(NODE).leaseDeadlineMillis();
    assertThat(await(store.forget(NODE, before, finished))).as("not lost").isFalse();

    long deadline = lost(NODE);
    assertThat(await(store.forget(NODE, deadline + 1, finished))).as("deadline").isFalse();
    assertThat(await(store.forget(NODE, deadline, null))).as("no head").isFalse();
    await(store.beginRewrite(NODE, 2));
    assertThat(await(store.forget(NODE, deadline, finished))).as("it came back").isFalse();

    assertThat(seen(NODE).lost()).isTrue();
    assertThat(await(store.heads(List.of(NODE)))).containsEntry(NODE, Head.building(2));
  }

  @Test
  void shouldTrimAStream() {
    Samples.rewrite(store, NODE, new Position(1, 1), List.of());
    for (int seq = 2; seq <= 10; seq++) {
      await(store.publish(Samples.changes(new Position(1, seq))));
    }

    await(store.trim(NODE, 8));
    await(store.trim(NODE, 8));

    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(3);
    assertThat(await(store.publish(Samples.changes(new Position(1, 11))))).isTrue();
  }

  private NodeRecord renewed(NodeId node) {
    await(store.renew(Samples.record(node), LEASE_MILLIS, 0));
    return seen(node);
  }

  /** Ends the lease of a node and marks it; returns its deadline. */
  private long lost(NodeId node) {
    long deadline = renewed(node).leaseDeadlineMillis();
    setClockTo(deadline);
    assertThat(await(store.markLost(node, deadline))).isTrue();
    renewed(OTHER);
    return deadline;
  }

  /** What another node sees of {@code node}. */
  private NodeRecord seen(NodeId node) {
    NodeRecord record =
        await(store.renew(Samples.record(OTHER), LEASE_MILLIS, 0)).nodes().get(node);
    assertThat(record).isNotNull();
    return record;
  }

  private static void setClockTo(long millis) {
    redis.raw().getBucket(RedisKeys.CLOCK, StringCodec.INSTANCE).set(millis + " 0");
  }
}
