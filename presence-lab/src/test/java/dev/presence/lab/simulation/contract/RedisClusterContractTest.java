package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.store.LocalCluster;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisNode;
import dev.presence.server.model.Position;
import dev.presence.server.redis.RedisClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on a Cluster of three masters, where what is written together lies in one slot and
 * messages stay there; and what can befall only a Cluster.
 */
final class RedisClusterContractTest extends RealStoreContract {

  private static final String CHANNEL = "presence:{" + NODE.value() + "}:topic";

  /** A failover, or a slot that has moved, is over for a server by then. */
  private static final Duration SOON = Duration.ofSeconds(5);

  RedisClusterContractTest(@TempDir Path directory) {
    super(RedisKind.CLUSTER, directory);
  }

  @Test
  void shouldSpreadOverTheMasters() {
    assertThat(
            IntStream.range(0, 20)
                .mapToObj(number -> redis().masterOf("presence:{server-" + number + "}:head"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(redis().masters())
        .hasSize(3);
  }

  @Test
  void shouldSendMessagesWithinTheirShardOnly() {
    rewrite(NODE, 1, 1);
    try (Listening listening = new Listening(topic(), NODE)) {
      publish(changes(NODE, 1, 2));

      Awaitility.await().until(() -> listening.heard().contains(new Position(1, 2)));
      RedisNode master = redis().masterOf(CHANNEL);
      assertThat(master.list("PUBSUB", "SHARDNUMSUB", CHANNEL).get(1)).isEqualTo(1L);
      assertThat(master.list("PUBSUB", "NUMSUB", CHANNEL).get(1)).isEqualTo(0L);
    }
  }

  @Test
  void shouldGoOnAndHearAgainOnceRebuiltWhenASlotHasMoved() {
    rewrite(NODE, 1, 1, session(1));
    try (Listening listening = new Listening(topic(), NODE)) {
      RedisNode before = redis().masterOf(CHANNEL);
      RedisNode after = ((LocalCluster) redis()).moveSlotOf(CHANNEL);
      assertThat(after).isNotEqualTo(before);
      assertThat(redis().masterOf(CHANNEL)).isEqualTo(after);

      awaitPublished(2);
      assertThat(records(NODE)).containsExactly(session(1));
      // As the watchdog does: Redisson's subscription is dead.
      int times = listening.subscribed();
      topic().rebuild();
      listening.awaitSubscribed(times + 1);
      awaitPublished(3);
      Awaitility.await().until(() -> listening.heard().contains(new Position(1, 3)));
    }
  }

  @Test
  void shouldGoOnWhereAReplicaHasTakenOver() {
    rewrite(NODE, 1, 1, session(1));
    LocalCluster cluster = (LocalCluster) redis();
    cluster.awaitReplicated();
    RedisNode before = redis().masterOf(CHANNEL);

    RedisNode after = cluster.promote(before);

    assertThat(redis().masterOf(CHANNEL)).isEqualTo(after).isNotEqualTo(before);
    awaitPublished(2);
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  void shouldRefuseAClusterOfWhichOneMasterEvicts() {
    RedisNode last = redis().masters().getLast();
    last.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try {
      assertThatThrownBy(() -> RedisClients.connect(RealRedis.settings(redis())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("maxmemory-policy allkeys-lru, expected noeviction");
    } finally {
      last.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
  }

  /** Until the client has found the new master, publishing fails, and is tried again. */
  private void awaitPublished(long seq) {
    Awaitility.await("change set " + seq)
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> publish(changes(NODE, 1, seq)));
  }
}
