package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Seeds that are played with every build: the same ones each time, which decide, and some that
 * nobody has seen.
 */
@Isolated("it keeps all cores busy, and others measure time")
class SimulationTest {

  private static final int SEEDS = 400;

  private static final int NEW_SEEDS = 100;

  @Test
  void shouldHoldForTheFixedSeeds() {
    List<Long> all = new ArrayList<>(LongStream.rangeClosed(1, SEEDS).boxed().toList());
    all.addAll(FoundSeeds.all());
    assertThat(wrong(all)).isEmpty();
  }

  /**
   * Seeds that nobody has seen do not decide this build, which would depend on chance, but each of
   * the next ones: what is wrong is told, and kept among the fixed seeds.
   */
  @Test
  void shouldKeepWhatNewSeedsFind() throws IOException {
    long first = new SecureRandom().nextInt(1_000_000, Integer.MAX_VALUE);
    System.out.printf("%d new seeds, from %d on%n", NEW_SEEDS, first);
    Map<Long, List<Violation>> wrong =
        wrong(LongStream.range(first, first + NEW_SEEDS).boxed().toList());
    wrong.forEach(
        (seed, violations) -> {
          System.out.printf("A NEW SEED IS WRONG: %d%n", seed);
          violations.forEach(violation -> System.out.println("  " + violation));
          System.out.printf("  replay it with: ./presence simulate --seed %d --trace%n", seed);
        });
    FoundSeeds.keep(wrong.keySet());
    assertThat(FoundSeeds.all()).containsAll(wrong.keySet());
  }

  private static Map<Long, List<Violation>> wrong(List<Long> seeds) {
    Map<Long, List<Violation>> wrong = new ConcurrentSkipListMap<>();
    seeds.parallelStream()
        .forEach(
            seed -> {
              List<Violation> violations = Simulation.run(seed, false).violations();
              if (!violations.isEmpty()) {
                wrong.put(seed, violations);
              }
            });
    return wrong;
  }

  @Test
  void shouldExerciseEnoughInEachRun() {
    Simulation.Result result = Simulation.run(3, false);
    assertThat(result.actions()).isGreaterThanOrEqualTo(2_000);
    assertThat(result.tally().faults()).isGreaterThanOrEqualTo(10);
    assertThat(result.tally().faultKinds()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void shouldBeTheSameRunEachTime() {
    List<String> once = Simulation.run(7, true).trace();
    assertThat(once).hasSizeGreaterThan(2_000).isEqualTo(Simulation.run(7, true).trace());
    assertThat(once).isNotEqualTo(Simulation.run(8, true).trace());
  }

  @Test
  void shouldBeTheSameRunInAnotherProcess() throws IOException, InterruptedException {
    List<String> here = Simulation.run(7, true).trace();
    assertThat(elsewhere(7)).isEqualTo(here);
  }

  private static List<String> elsewhere(long seed) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SimulationTest.class.getName(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return told.lines().filter(line -> line.matches("\\d\\d:\\d\\d\\.\\d{3}  .*")).toList();
  }

  /** Plays a seed in a process of its own, and prints its trace. */
  public static void main(String[] args) {
    Simulation.run(Long.parseLong(args[0]), true).trace().forEach(System.out::println);
  }
}
