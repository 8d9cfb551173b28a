package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisNode;
import dev.presence.lab.store.ReplicatedRedis;
import dev.presence.server.model.Position;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the master that Sentinels name; and what they do. */
final class SentinelStoreContractTest extends RealStoreContract {

  private static final Duration SOON = Duration.ofSeconds(5);

  SentinelStoreContractTest(@TempDir Path directory) {
    super(RedisKind.SENTINEL, directory);
  }

  @Test
  void shouldGoOnAndHearAgainWhereAReplicaHasTakenOver() {
    rewrite(NODE, 1, 1, session(1));
    ReplicatedRedis sentinel = (ReplicatedRedis) redis();
    sentinel.awaitReplicated();
    RedisNode before = redis().masterOf("any");
    try (Listening listening = new Listening(topic(), NODE)) {

      RedisNode after = sentinel.promote(before);

      assertThat(after).isNotEqualTo(before);
      listening.awaitSubscribed(2);
      Awaitility.await("a change set")
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> publish(changes(NODE, 1, 2)));
      assertThat(records(NODE)).containsExactly(session(1));
      assertThat(after.text("GET", "presence:{" + NODE.value() + "}:head")).isEqualTo("1 2");
      Awaitility.await().until(() -> listening.heard().contains(new Position(1, 2)));
    }
  }

  @Test
  void shouldPromoteOneReplicaRightAfterAnother() {
    ReplicatedRedis sentinel = (ReplicatedRedis) redis();
    RedisNode first = redis().masterOf("any");

    RedisNode second = sentinel.promote(first);
    RedisNode third = sentinel.promote(second);

    assertThat(second).isNotEqualTo(first);
    assertThat(third).isNotEqualTo(second);
    sentinel.awaitReplicated();
  }

  @Test
  void shouldLoseWhatWasWrittenWhileReplicationWasHeld() {
    rewrite(NODE, 1, 1);
    ReplicatedRedis sentinel = (ReplicatedRedis) redis();
    sentinel.awaitReplicated();
    sentinel.holdReplication();
    publish(changes(NODE, 1, 2, session(1)));

    RedisNode after = sentinel.promote(redis().masterOf("any"));
    sentinel.releaseReplication();

    assertThat(after.text("GET", "presence:{" + NODE.value() + "}:head")).isEqualTo("1 1");
    Awaitility.await("the refusal")
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> !publish(changes(NODE, 1, 3)));
    sentinel.awaitReplicated();
  }
}
