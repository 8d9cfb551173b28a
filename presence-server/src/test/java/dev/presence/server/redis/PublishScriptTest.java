package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class PublishScriptTest {

  private static final Logger log = LoggerFactory.getLogger(PublishScriptTest.class);

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @BeforeEach
  void aNodeHasWrittenItsPart() {
    assertThat(Samples.rewrite(store, NODE, new Position(1, 1), List.of())).isTrue();
  }

  @Test
  void shouldApplyAChangeSet() {
    assertThat(
            await(
                store.publish(
                    Samples.changes(new Position(1, 2), Samples.session(1), Samples.session(2)))))
        .isTrue();
    assertThat(
            await(
                store.publish(
                    Samples.changes(
                        new Position(1, 3),
                        List.of(Samples.closed(1)),
                        List.of(Samples.removal(2))))))
        .isTrue();

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(Head.at(new Position(1, 3)), List.of(Samples.closed(1))));
    assertThat(await(store.heads(List.of(NODE, Samples.OTHER))))
        .isEqualTo(Map.of(NODE, Head.at(new Position(1, 3))));
  }

  @Test
  void shouldSayDoneWhenRepeated() {
    var changeSet = Samples.changes(new Position(1, 2), Samples.session(1));

    assertThat(await(store.publish(changeSet))).isTrue();
    assertThat(await(store.publish(changeSet))).isTrue();

    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(2);
  }

  @Test
  void shouldRefuseWhatDoesNotFollowTheHead() {
    assertThat(await(store.publish(Samples.changes(new Position(1, 3))))).isFalse();
    assertThat(await(store.publish(Samples.changes(new Position(2, 2))))).isFalse();

    await(store.publish(Samples.changes(new Position(1, 2))));
    await(store.publish(Samples.changes(new Position(1, 3))));
    assertThat(await(store.publish(Samples.changes(new Position(1, 2)))))
        .as("one that was overtaken")
        .isFalse();
    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(3);
  }

  @Test
  void shouldRefuseWhileThePartIsBeingBuilt() {
    await(store.beginRewrite(NODE, 2));

    assertThat(await(store.publish(Samples.changes(new Position(1, 2))))).isFalse();
    assertThat(await(store.publish(Samples.changes(new Position(2, 1))))).isFalse();
    assertThat(await(store.publish(Samples.changes(new Position(2, 2))))).isFalse();
    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(1);
  }

  @Test
  void shouldRefuseWhenTheStoreLostItsHistory() {
    redis.raw().getKeys().flushall();

    assertThat(await(store.publish(Samples.changes(new Position(1, 2))))).isFalse();
    assertThat(await(store.publish(Samples.changes(new Position(1, 1))))).isFalse();
    assertThat(redis.raw().getKeys().count()).isZero();
  }

  @Test
  void shouldTakeMoreThanACommandTakes() {
    var many =
        Samples.changes(
            new Position(1, 2),
            Samples.sessions(5_001),
            IntStream.range(10_000, 15_001).mapToObj(Samples::removal).toList());

    assertThat(await(store.publish(many))).isTrue();

    assertThat(new HashSet<>(await(store.read(NODE)).records()))
        .isEqualTo(new HashSet<>(Samples.sessions(5_001)));
  }

  @Test
  void shouldStillPublishAfterTheServerForgotTheScript() {
    redis.raw().getScript().scriptFlush();
    assertThat(await(store.publish(Samples.changes(new Position(1, 2))))).isTrue();

    redis.raw().getScript().scriptFlush();
    assertThat(await(store.publish(Samples.changes(new Position(1, 3), Samples.session(1)))))
        .isTrue();
    assertThat(await(store.read(NODE)).records()).containsExactly(Samples.session(1));
  }

  /** The rate is for the log: a benchmark is not a test. */
  @Test
  void shouldPublishOneAfterTheOther() {
    int count = 3_000;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      assertThat(
              await(
                  store.publish(Samples.changes(new Position(1, 2 + i), Samples.session(i % 100)))))
          .isTrue();
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    log.atInfo()
        .addKeyValue("perSecond", count * 1_000_000L / micros)
        .log("published one record at a time, one after the other");

    assertThat(await(store.read(NODE)).head()).isEqualTo(Head.at(new Position(1, 1 + count)));
  }
}
