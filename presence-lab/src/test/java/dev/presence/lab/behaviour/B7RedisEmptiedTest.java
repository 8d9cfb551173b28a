package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("B7")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B7RedisEmptiedTest {

  private static final Duration RIGHT_BY = Duration.ofSeconds(5);

  private final World world;

  B7RedisEmptiedTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNoFalseOfflineWhenRedisIsEmptiedUnderLoadAndBeRightWithinFiveSeconds() {
    try (Scene scene = Scene.underLoad(world)) {
      scene.play(this::empty, RIGHT_BY);
    }
  }

  private void empty() {
    assertThat(world.fleet().redis().command("FLUSHALL")).isEqualTo("+OK");
  }
}
