package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ChangesScriptTest {

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();

  @BeforeEach
  void aNodeHasPublished() {
    Samples.rewrite(store, NODE, new Position(1, 1), List.of());
    for (int seq = 2; seq <= 5; seq++) {
      await(store.publish(published(seq)));
    }
  }

  @Test
  void shouldReadWhatCameAfterAPlace() {
    assertThat(after(new Position(1, 3))).contains(List.of(published(4), published(5)));
    assertThat(await(store.changes(NODE, new Position(1, 1), 2)))
        .contains(List.of(published(2), published(3)));
    assertThat(after(new Position(1, 5))).contains(List.of());
  }

  @Test
  void shouldSayThatTheStreamDoesNotGoOn() {
    await(store.trim(NODE, 4));

    assertThat(after(new Position(1, 2))).as("trimmed").isEmpty();
    assertThat(after(new Position(1, 3))).as("just not trimmed").isPresent();
    assertThat(after(new Position(2, 3))).as("another epoch").isEmpty();
    assertThat(after(new Position(1, 6))).as("lost history").isEmpty();
    await(store.trim(NODE, 6));
    assertThat(after(new Position(1, 4))).as("all trimmed").isEmpty();
    assertThat(after(new Position(1, 5))).as("nothing newer").contains(List.of());
  }

  @Test
  void shouldNotGoOnAcrossARewrite() {
    await(store.beginRewrite(NODE, 2));
    assertThat(after(new Position(1, 3))).as("building").isEmpty();

    await(store.endRewrite(NODE, new Position(2, 6), 0));
    assertThat(after(new Position(1, 5))).isEmpty();
    assertThat(after(new Position(2, 5))).as("a reset is not to be applied").isEmpty();
    assertThat(after(new Position(2, 6))).contains(List.of());
  }

  private Optional<List<ChangeSet>> after(Position position) {
    return await(store.changes(NODE, position, 100));
  }

  private static ChangeSet published(int seq) {
    return Samples.changes(new Position(1, seq), Samples.session(seq));
  }
}
