package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static dev.presence.server.redis.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class NodeReaderTest {

  /** Enough for a hash that Redis scans in many steps. */
  private static final int SESSIONS = 3_000;

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  private final ClusterStore store = redis.clients().store();
  private final Random random = new Random(4);

  @Test
  void shouldFindNothingOfANodeThatWroteNothing() {
    assertThat(await(store.read(NODE))).isEqualTo(new NodeImage(Head.at(Position.NONE), List.of()));
  }

  @Test
  void shouldBeExactWhileTheNodePublishes() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(SESSIONS));
    List<ChangeSet> published = new ArrayList<>();
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> publisher =
        CompletableFuture.runAsync(
            () -> {
              while (!enough.get()) {
                ChangeSet next = randomChanges(new Position(1, published.size() + 2));
                assertThat(await(store.publish(next))).isTrue();
                published.add(next);
              }
            });

    List<NodeImage> images = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      images.add(await(store.read(NODE)));
    }
    enough.set(true);
    publisher.join();

    assertThat(images.getLast().head().position().seq())
        .as("something was published meanwhile")
        .isGreaterThan(images.getFirst().head().position().seq() + 40);
    for (NodeImage image : images) {
      assertThat(asMap(image)).isEqualTo(stateAt(image.head().position(), published));
    }
  }

  @Test
  void shouldFailRatherThanMixTwoEpochs() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(SESSIONS));
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> rewriter =
        CompletableFuture.runAsync(
            () -> {
              for (int epoch = 2; !enough.get(); epoch++) {
                List<SessionRecord> part = new ArrayList<>(Samples.sessions(SESSIONS));
                part.add(Samples.session(1_000_000 + epoch));
                assertThat(Samples.rewrite(store, NODE, new Position(epoch, epoch), part)).isTrue();
              }
            });

    int failed = 0;
    for (int i = 0; i < 40; i++) {
      try {
        NodeImage image = await(store.read(NODE));
        if (image.head().building()) {
          continue;
        }
        long epoch = image.head().position().epoch();
        assertThat(image.records()).hasSize(epoch == 1 ? SESSIONS : SESSIONS + 1);
        assertThat(epoch == 1 || image.records().contains(Samples.session(1_000_000 + (int) epoch)))
            .isTrue();
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(NodeChangedException.class);
        failed++;
      }
    }
    enough.set(true);
    rewriter.join();
    assertThat(failed).as("reads that a rewrite overtook").isPositive();
  }

  @Test
  void shouldShowAPartThatIsBeingBuiltAsItIs() {
    Samples.rewrite(store, NODE, new Position(1, 1), Samples.sessions(3));
    await(store.beginRewrite(NODE, 2));
    await(store.addToRewrite(NODE, 2, 0, List.of(Samples.session(7))));

    assertThat(await(store.read(NODE)))
        .isEqualTo(new NodeImage(Head.building(2), List.of(Samples.session(7))));
  }

  @Test
  void shouldFailWhenTheStreamLacksAChangeSet() {
    Samples.rewrite(store, NODE, new Position(1, 1), List.of());
    await(store.publish(Samples.changes(new Position(1, 2))));
    // As if the head had been read before, and the scan been slower than two change sets and a
    // trim.
    redis
        .raw()
        .getBucket(RedisKeys.head(NODE))
        .set("1 0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    await(store.trim(NODE, 2));

    assertThatThrownBy(() -> await(store.read(NODE)))
        .hasCauseInstanceOf(NodeChangedException.class)
        .hasMessageContaining("stream");
  }

  private ChangeSet randomChanges(Position position) {
    List<SessionRecord> records = new ArrayList<>();
    List<SessionKey> removals = new ArrayList<>();
    int first = random.nextInt(2 * SESSIONS);
    for (int i = 0; i < 10; i++) {
      int number = first + i;
      switch (random.nextInt(3)) {
        case 0 -> records.add(Samples.session(number));
        case 1 -> records.add(Samples.closed(number));
        default -> removals.add(Samples.removal(number));
      }
    }
    return Samples.changes(position, records, removals);
  }

  private static Map<SessionId, SessionRecord> stateAt(
      Position position, List<ChangeSet> published) {
    Map<SessionId, SessionRecord> state =
        asMap(new NodeImage(Head.at(position), Samples.sessions(SESSIONS)));
    for (ChangeSet changeSet : published) {
      if (position.reached(changeSet.position())) {
        changeSet.records().forEach(session -> state.put(session.id(), session));
        changeSet.removals().forEach(removal -> state.remove(removal.id()));
      }
    }
    return state;
  }

  private static Map<SessionId, SessionRecord> asMap(NodeImage image) {
    Map<SessionId, SessionRecord> map = new HashMap<>();
    image.records().forEach(session -> assertThat(map.put(session.id(), session)).isNull());
    return map;
  }
}
