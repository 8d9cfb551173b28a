package dev.presence.server.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many short lives of a small fleet, each decided by its seed. */
class RandomRunTest {

  /** A seed to look at more closely, or how many to try. */
  private static final int SEEDS = Integer.getInteger("presence.simulation.seeds", 30);

  private static final int FIRST = Integer.getInteger("presence.simulation.first", 1);

  static LongStream seeds() {
    return LongStream.range(FIRST, FIRST + SEEDS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldShowTheTruthAndNoFalseOffline(long seed) {
    RandomRun run = new RandomRun(seed);
    List<String> faults = run.run(3);
    List<String> story = run.story();
    assertThat(faults)
        .as(
            "seed %s: %s",
            seed, String.join("\n", story.subList(Math.max(0, story.size() - 40), story.size())))
        .isEmpty();
  }
}
