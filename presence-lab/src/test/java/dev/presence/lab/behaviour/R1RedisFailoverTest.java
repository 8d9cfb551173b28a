package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.store.LocalCluster;
import dev.presence.lab.store.LocalSentinel;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisNode;
import dev.presence.lab.store.ReplicatedRedis;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Redis does of itself, or an operator with it, is seen by nobody. */
@Tag("R1")
@Tag("long")
class R1RedisFailoverTest {

  private static final String RECORDS = "presence:{nodes}";
  private static final Duration RIGHT_BY = Duration.ofSeconds(5);

  @Test
  void shouldShowNothingFalseWhenSentinelsReplaceTheMasterAndItsLastSecondIsLost() {
    try (World world = World.on(RedisKind.SENTINEL);
        Scene scene = new Scene(world)) {
      LocalSentinel redis = (LocalSentinel) world.fleet().topology();
      scene.play(
          () -> {
            RedisNode before = redis.master();
            loseItsLastSecond(redis, before);
            assertThat(redis.awaitMasterAfter(before)).isNotEqualTo(before);
            redis.releaseReplication();
          },
          RIGHT_BY);
    }
  }

  @Test
  void shouldShowNothingFalseWhenAMasterOfTheClusterIsLostAndItsLastSecond() {
    try (World world = World.on(RedisKind.CLUSTER);
        Scene scene = new Scene(world)) {
      LocalCluster redis = (LocalCluster) world.fleet().topology();
      scene.play(
          () -> {
            RedisNode before = redis.masterOf(RECORDS);
            loseItsLastSecond(redis, before);
            assertThat(redis.awaitMasterAfter(before)).isNotEqualTo(before);
            redis.releaseReplication();
          },
          RIGHT_BY);
    }
  }

  private static void loseItsLastSecond(ReplicatedRedis redis, RedisNode master) {
    redis.awaitReplicated();
    redis.holdReplication();
    Moment.now().awaitAgo(Duration.ofSeconds(1));
    master.kill();
  }

  @Test
  void shouldShowNothingFalseWhenSlotsMoveToOtherMasters() {
    try (World world = World.on(RedisKind.CLUSTER);
        Scene scene = new Scene(world)) {
      LocalCluster redis = (LocalCluster) world.fleet().topology();
      scene.play(
          () -> {
            redis.moveSlotOf(RECORDS);
            for (String node : world.nodes()) {
              redis.moveSlotOf("presence:{" + node + "}:topic");
            }
          },
          RIGHT_BY);
    }
  }
}
