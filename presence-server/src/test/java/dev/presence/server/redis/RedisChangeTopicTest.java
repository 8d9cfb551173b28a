package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Position;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RedisChangeTopicTest {

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  /** Publishes through the class's clients, listens through clients of another server. */
  private final ClusterStore store = redis.clients().store();

  private final RedisClients other = RedisClients.connect(redis.settings());
  private final Queue<ChangeSet> received = new ConcurrentLinkedQueue<>();
  private final AtomicInteger subscribed = new AtomicInteger();

  @BeforeEach
  void aNodeHasWrittenItsPart() {
    Samples.rewrite(store, NODE, new Position(1, 1), List.of());
  }

  @AfterEach
  void close() {
    other.close();
  }

  @Test
  void shouldDeliverToAnotherServerInOrder() {
    subscribe();

    for (int seq = 2; seq <= 50; seq++) {
      await(store.publish(Samples.changes(new Position(1, seq), Samples.session(seq))));
    }
    Samples.rewrite(store, NODE, new Position(2, 51), List.of(Samples.session(1)));

    Awaitility.await().untilAsserted(() -> assertThat(received).hasSize(50));
    assertThat(received)
        .extracting(changeSet -> changeSet.position().seq())
        .isSorted()
        .startsWith(2L)
        .endsWith(51L);
    assertThat(received).first().isEqualTo(Samples.changes(new Position(1, 2), Samples.session(2)));
    assertThat(received).last().extracting(ChangeSet::reset).isEqualTo(true);
  }

  @Test
  void shouldSayThatItIsSubscribedAgainAfterTheServerCameBack() throws Exception {
    subscribe();

    redis.kill();
    redis.start();

    Awaitility.await()
        .atMost(Duration.ofSeconds(3))
        .untilAsserted(() -> assertThat(subscribed).hasValueGreaterThan(1));
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(Samples.rewrite(store, NODE, new Position(2, 2), List.of())).isTrue());
    await(store.publish(Samples.changes(new Position(2, 3))));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(received).extracting(ChangeSet::position).contains(new Position(2, 3)));
  }

  @Test
  void shouldKeepTryingWhileTheServerIsAway() throws Exception {
    redis.kill();
    try (var subscription =
        new Cancelling(other.topic().subscribe(NODE, received::add, subscribed::incrementAndGet))) {
      Awaitility.await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(subscribed).hasValue(0));

      redis.start();

      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(subscribed).hasPositiveValue());
      Samples.rewrite(store, NODE, new Position(2, 2), List.of());
      Awaitility.await().untilAsserted(() -> assertThat(received).isNotEmpty());
      assertThat(subscription).isNotNull();
    }
  }

  @Test
  void shouldSubscribeAgainOnFreshConnectionsWhenRebuilt() {
    subscribe();
    var cancelled = other.topic().subscribe(NODE, changeSet -> fail(), () -> {});
    cancelled.cancel();
    subscribed.set(0);

    other.topic().rebuild();
    other.topic().rebuild();

    Awaitility.await().untilAsserted(() -> assertThat(subscribed).hasPositiveValue());
    await(store.publish(Samples.changes(new Position(1, 2))));
    Awaitility.await().untilAsserted(() -> assertThat(received).isNotEmpty());
    assertThat(received).as("once each").hasSize(1);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(redis.raw().getTopic(RedisKeys.topic(NODE)).countSubscribers())
                    .isEqualTo(1));
  }

  @Test
  void shouldTakeSubscriptionsAndCancelThemWhileItIsRebuilt() {
    Queue<ChangeSet> never = new ConcurrentLinkedQueue<>();
    other.topic().rebuild();
    var cancelled = other.topic().subscribe(NODE, never::add, () -> {});
    cancelled.cancel();
    subscribe();

    await(store.publish(Samples.changes(new Position(1, 2))));

    Awaitility.await().untilAsserted(() -> assertThat(received).hasSize(1));
    assertThat(never).isEmpty();
  }

  @Test
  void shouldRebuildOnceTheServerIsBack() throws Exception {
    subscribe();
    redis.kill();
    other.topic().rebuild();
    subscribed.set(0);

    redis.start();

    Awaitility.await()
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(() -> assertThat(subscribed).hasPositiveValue());
  }

  @Test
  void shouldBeSilentOnceCancelled() {
    var cancelled = other.topic().subscribe(NODE, received::add, subscribed::incrementAndGet);
    cancelled.cancel();
    Queue<ChangeSet> stillThere = new ConcurrentLinkedQueue<>();
    AtomicInteger another = new AtomicInteger();
    var unusedSubscription =
        other.topic().subscribe(NODE, stillThere::add, another::incrementAndGet);
    Awaitility.await().untilAsserted(() -> assertThat(another).hasPositiveValue());

    await(store.publish(Samples.changes(new Position(1, 2))));

    Awaitility.await().untilAsserted(() -> assertThat(stillThere).hasSize(1));
    assertThat(received).isEmpty();
    unusedSubscription.cancel();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(redis.raw().getTopic(RedisKeys.topic(NODE)).countSubscribers())
                    .isZero());
  }

  private void subscribe() {
    other.topic().subscribe(NODE, received::add, subscribed::incrementAndGet);
    Awaitility.await().untilAsserted(() -> assertThat(subscribed).hasPositiveValue());
  }

  private record Cancelling(dev.presence.server.cluster.ChangeTopic.Subscription subscription)
      implements AutoCloseable {
    @Override
    public void close() {
      subscription.cancel();
    }
  }
}
