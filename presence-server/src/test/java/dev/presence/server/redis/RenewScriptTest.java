package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static dev.presence.server.redis.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.codec.StringCodec;

final class RenewScriptTest {

  private static final long LEASE_MILLIS = 5_000;
  private static final long HOUR_MILLIS = 3_600_000;

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @Test
  void shouldRegisterThenRenew() {
    Renewal first = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));
    Renewal second = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));

    assertThat(first.outcome()).isEqualTo(RenewalOutcome.REGISTERED);
    assertThat(second.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(first.nowMillis()).isCloseTo(System.currentTimeMillis(), within(2_000L));
    assertThat(deadline(second)).isEqualTo(second.nowMillis() + LEASE_MILLIS);
  }

  @Test
  void shouldTellWhatAllNodesSay() {
    await(store.renew(Samples.record(OTHER), LEASE_MILLIS, 0));
    Renewal renewal = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));

    assertThat(renewal.nodes()).containsOnlyKeys(NODE, OTHER);
    NodeRecord other = renewal.nodes().get(OTHER);
    assertThat(other)
        .usingRecursiveComparison()
        .ignoringFields("leaseDeadlineMillis")
        .isEqualTo(Samples.record(OTHER));
  }

  @Test
  void shouldLeaveOutARecordThatCannotBeRead() {
    redis.raw().getMap(RedisKeys.NODES, StringCodec.INSTANCE).put(OTHER.value(), "none of ours");

    assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).nodes())
        .containsOnlyKeys(NODE);
  }

  @Test
  void shouldTellTheNodesOwnHead() {
    assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).ownHead()).isNull();

    Samples.rewrite(store, NODE, new Position(2, 8), List.of());
    assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).ownHead())
        .isEqualTo(Head.at(new Position(2, 8)));

    await(store.beginRewrite(NODE, 3));
    assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).ownHead())
        .isEqualTo(Head.building(3));
  }

  @Test
  void shouldSimplyRenewALeaseThatIsOver() {
    Renewal first = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));
    setClockTo(first.nowMillis() + HOUR_MILLIS);

    Renewal late = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));

    assertThat(late.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(deadline(late)).isEqualTo(late.nowMillis() + LEASE_MILLIS);
  }

  @Test
  void shouldLeaveALostNodeAsItIs() {
    long deadline = deadline(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)));
    setClockTo(deadline);
    assertThat(await(store.markLost(NODE, deadline))).isTrue();

    Renewal refused = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));

    assertThat(refused.outcome()).isEqualTo(RenewalOutcome.LOST);
    assertThat(refused.nodes().get(NODE))
        .isNotNull()
        .satisfies(
            record -> {
              assertThat(record.lost()).isTrue();
              assertThat(record.leaseDeadlineMillis()).isEqualTo(deadline);
            });
  }

  @Test
  void shouldLetALostNodeBackInWithALaterEpoch() {
    long deadline = deadline(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)));
    setClockTo(deadline);
    assertThat(await(store.markLost(NODE, deadline))).isTrue();
    NodeRecord lost = Samples.record(NODE);
    NodeRecord returned =
        new NodeRecord(
            NODE,
            0,
            false,
            new Position(lost.head().epoch() + 1, 15),
            "",
            2,
            false,
            false,
            true,
            false);

    Renewal renewal = await(store.renew(returned, LEASE_MILLIS, 0));

    assertThat(renewal.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(renewal.nodes().get(NODE))
        .usingRecursiveComparison()
        .ignoringFields("leaseDeadlineMillis")
        .isEqualTo(returned);
    assertThat(deadline(renewal)).isEqualTo(renewal.nowMillis() + LEASE_MILLIS);
  }

  @Test
  void shouldNeverLetTheClockGoBackNorStandStill() {
    Renewal first = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0));
    long ahead = first.nowMillis() + HOUR_MILLIS;
    setClockTo(ahead);

    long now = await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).nowMillis();

    assertThat(now).isBetween(ahead, ahead + 2_000);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(await(store.renew(Samples.record(NODE), LEASE_MILLIS, 0)).nowMillis())
                    .isBetween(now + 20, now + 60_000));
  }

  private static long deadline(Renewal renewal) {
    NodeRecord record = renewal.nodes().get(NODE);
    assertThat(record).isNotNull();
    return record.leaseDeadlineMillis();
  }

  private static void setClockTo(long millis) {
    redis.raw().getBucket(RedisKeys.CLOCK, StringCodec.INSTANCE).set(millis + " 0");
  }
}
