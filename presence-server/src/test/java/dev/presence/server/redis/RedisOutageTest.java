package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RedisOutageTest {

  private static final Duration FAIL_WITHIN = Duration.ofSeconds(3);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  private final Map<String, Supplier<CompletionStage<?>>> operations =
      Map.of(
          "publish", () -> store.publish(Samples.changes(new Position(1, 2))),
          "rewrite", () -> store.rewrite(NODE, new Position(2, 2), Samples.sessions(10)),
          "renew", () -> store.renew(Samples.record(NODE), 5_000),
          "heads", () -> store.heads(List.of(NODE)),
          "read", () -> store.read(NODE),
          "markLost", () -> store.markLost(NODE, 1),
          "forget", () -> store.forget(NODE),
          "trim", () -> store.trim(NODE, 1),
          "expire", () -> store.expire(NODE));

  @Test
  void shouldFailSoonWhileTheServerIsDeadAndWorkSoonAfter() throws Exception {
    await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(10)));

    redis.kill();
    allFailSoon();
    redis.start();

    Awaitility.await()
        .atMost(BACK_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(CompletionException.class)
        .until(
            () -> await(store.renew(Samples.record(NODE), 5_000)).outcome() != RenewalOutcome.LOST);
    assertThat(await(store.publish(Samples.changes(new Position(1, 2)))))
        .as("the server came back empty")
        .isFalse();
    assertThat(await(store.rewrite(NODE, new Position(2, 3), List.of()))).isTrue();
  }

  @Test
  void shouldFailSoonWhileTheServerHangsAndWorkSoonAfter() throws Exception {
    await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(10)));

    redis.freeze();
    try {
      allFailSoon();
    } finally {
      redis.thaw();
    }

    Awaitility.await()
        .atMost(BACK_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(CompletionException.class)
        .untilAsserted(() -> assertThat(await(store.heads(List.of(NODE)))).containsKey(NODE));
    Position head = await(store.heads(List.of(NODE))).get(NODE);
    assertThat(head).as("what got no answer was done once, or not").isNotNull();
    assertThat(await(store.read(NODE)).position()).isEqualTo(head);
  }

  /** Asks for everything at once. */
  private void allFailSoon() {
    long start = System.nanoTime();
    Map<String, CompletableFuture<Duration>> failedAfter = new TreeMap<>();
    operations.forEach(
        (name, operation) ->
            failedAfter.put(
                name,
                operation
                    .get()
                    .handle(
                        (result, failure) -> {
                          assertThat(failure).as(name).isNotNull();
                          return Duration.ofNanos(System.nanoTime() - start);
                        })
                    .toCompletableFuture()));
    failedAfter.forEach(
        (name, duration) -> assertThat(await(duration)).as(name).isLessThan(FAIL_WITHIN));
  }
}
