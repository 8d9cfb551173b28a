package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Head;
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
      Map.ofEntries(
          entry("publish", () -> store.publish(Samples.changes(new Position(1, 2)))),
          entry("beginRewrite", () -> store.beginRewrite(NODE, 2)),
          entry("addToRewrite", () -> store.addToRewrite(NODE, 2, 0, Samples.sessions(10))),
          entry("endRewrite", () -> store.endRewrite(NODE, new Position(2, 2), 1)),
          entry("renew", () -> store.renew(Samples.record(NODE), 5_000, 0)),
          entry("heads", () -> store.heads(List.of(NODE))),
          entry("read", () -> store.read(NODE)),
          entry("changes", () -> store.changes(NODE, new Position(1, 1), 10)),
          entry("markLost", () -> store.markLost(NODE, 1)),
          entry("forget", () -> store.forget(NODE, 1, null)),
          entry("trim", () -> store.trim(NODE, 1)),
          entry("expire", () -> store.expire(NODE)));

  @Test
  void shouldFailSoonWhileTheServerIsDeadAndWorkSoonAfter() throws Exception {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(10));

    redis.kill();
    allFailSoon();
    redis.start();

    Awaitility.await()
        .atMost(BACK_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(CompletionException.class)
        .until(
            () ->
                await(store.renew(Samples.record(NODE), 5_000, 0)).outcome()
                    != RenewalOutcome.LOST);
    assertThat(await(store.publish(Samples.changes(new Position(1, 2)))))
        .as("the server came back empty")
        .isFalse();
    assertThat(Samples.rewrite(store, NODE, new Position(2, 3), List.of())).isTrue();
  }

  @Test
  void shouldFailSoonWhileTheServerHangsAndWorkSoonAfter() throws Exception {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(10));

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
    Head head = await(store.heads(List.of(NODE))).get(NODE);
    assertThat(head).as("what got no answer was done once, or not").isNotNull();
    assertThat(await(store.read(NODE)).head()).isEqualTo(head);
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
