package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RewriteScriptTest {

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @Test
  void shouldReplaceAllOfANodesPart() {
    await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(3)));
    await(store.publish(Samples.changes(new Position(1, 2), Samples.session(7))));

    assertThat(await(store.rewrite(NODE, new Position(2, 3), List.of(Samples.session(9)))))
        .isTrue();

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(new Position(2, 3), List.of(Samples.session(9))));
    assertThat(await(store.publish(Samples.changes(new Position(2, 4))))).isTrue();
    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size())
        .as("the stream goes on")
        .isEqualTo(4);
  }

  @Test
  void shouldSayDoneWhenRepeated() {
    assertThat(await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(3)))).isTrue();
    assertThat(await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(3)))).isTrue();

    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnEpochThatIsNoLongerNew() {
    await(store.rewrite(NODE, new Position(10, 5), Samples.sessions(3)));

    assertThat(await(store.rewrite(NODE, new Position(10, 6), List.of()))).isFalse();
    assertThat(await(store.rewrite(NODE, new Position(9, 6), List.of()))).isFalse();

    assertThat(await(store.read(NODE)))
        .satisfies(
            image -> {
              assertThat(image.position()).isEqualTo(new Position(10, 5));
              assertThat(image.records()).hasSize(3);
            });
  }

  @Test
  void shouldBeginTheStreamAgainWhereItWentFurtherThanItsNode() {
    await(store.rewrite(NODE, new Position(1, 1), List.of()));
    await(store.publish(Samples.changes(new Position(1, 2))));
    await(store.publish(Samples.changes(new Position(1, 3))));

    assertThat(await(store.rewrite(NODE, new Position(2, 2), List.of(Samples.session(1)))))
        .isTrue();

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(new Position(2, 2), List.of(Samples.session(1))));
    assertThat(await(store.publish(Samples.changes(new Position(2, 3))))).isTrue();
  }

  @Test
  void shouldWriteALargeNodeAtOnce() {
    assertThat(await(store.rewrite(NODE, new Position(1, 1), Samples.sessions(50_000)))).isTrue();

    List<SessionRecord> records = await(store.read(NODE)).records();
    assertThat(records).hasSize(50_000);
    assertThat(new HashSet<>(records)).isEqualTo(new HashSet<>(Samples.sessions(50_000)));
  }
}
