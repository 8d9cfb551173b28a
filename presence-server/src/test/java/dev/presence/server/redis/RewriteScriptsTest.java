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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts that write all of a node's part again, as they leave Redis. */
final class RewriteScriptsTest {

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @Test
  void shouldReplaceAllOfANodesPart() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));
    await(store.publish(Samples.changes(new Position(1, 2), Samples.session(7))));

    assertThat(Samples.rewrite(store, NODE, new Position(2, 3), List.of(Samples.session(9))))
        .isTrue();

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(Head.at(new Position(2, 3)), List.of(Samples.session(9))));
    assertThat(await(store.publish(Samples.changes(new Position(2, 4))))).isTrue();
    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size())
        .as("the stream goes on")
        .isEqualTo(4);
  }

  @Test
  void shouldEndOnceWhenRepeated() {
    await(store.beginRewrite(NODE, 1));

    assertThat(await(store.endRewrite(NODE, new Position(1, 1), 0))).isTrue();
    assertThat(await(store.endRewrite(NODE, new Position(1, 1), 0))).isTrue();

    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(1);
  }

  @Test
  void shouldBeginTheStreamAgainWhereItWentFurtherThanItsNode() {
    Samples.rewrite(store, NODE, new Position(1, 1), List.of());
    await(store.publish(Samples.changes(new Position(1, 2))));
    await(store.publish(Samples.changes(new Position(1, 3))));

    assertThat(Samples.rewrite(store, NODE, new Position(2, 2), List.of(Samples.session(1))))
        .isTrue();

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(Head.at(new Position(2, 2)), List.of(Samples.session(1))));
    assertThat(await(store.publish(Samples.changes(new Position(2, 3))))).isTrue();
    assertThat(redis.raw().getStream(RedisKeys.changes(NODE)).size()).isEqualTo(2);
  }

  @Test
  void shouldTakeAChunkLargerThanACommandTakes() {
    assertThat(Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(5_001))).isTrue();

    assertThat(new HashSet<>(await(store.read(NODE)).records()))
        .isEqualTo(new HashSet<>(Samples.sessions(5_001)));
  }

  @Test
  void shouldTellTheLargestEpochsApart() {
    long epoch = 1L << 52;
    Samples.rewrite(store, NODE, new Position(epoch, 1), List.of());

    assertThat(await(store.beginRewrite(NODE, epoch))).isFalse();
    assertThat(await(store.beginRewrite(NODE, epoch + 1))).isTrue();
    assertThat(await(store.heads(List.of(NODE)))).containsEntry(NODE, Head.building(epoch + 1));
  }
}
