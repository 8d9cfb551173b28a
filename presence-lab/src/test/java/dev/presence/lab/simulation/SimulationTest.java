package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Seeds that are played with every build: the same ones each time, which decide, and some that
 * nobody has seen. All are played aside, from the first test on (see {@link PlayedAsideTest}): here
 * the rest is awaited.
 */
@Isolated("the last one, when nobody else needs the processor")
@Order(Integer.MAX_VALUE)
class SimulationTest {

  private static final int SEEDS = 400;

  private static final int NEW_SEEDS = 100;

  private static final List<Long> FIXED =
      Stream.concat(LongStream.rangeClosed(1, SEEDS).boxed(), FoundSeeds.all().stream()).toList();

  private static final long FIRST_NEW = new SecureRandom().nextInt(1_000_000, Integer.MAX_VALUE);

  private static final List<Long> NEW =
      LongStream.range(FIRST_NEW, FIRST_NEW + NEW_SEEDS).boxed().toList();

  private static final class Played {
    static final PlayedAside ASIDE =
        PlayedAside.seeds(Stream.of(FIXED, NEW).flatMap(List::stream).toList());
  }

  /** Who asks first begins. */
  static PlayedAside aside() {
    return Played.ASIDE;
  }

  @AfterAll
  static void stop() {
    aside().close();
  }

  @Test
  void shouldHoldForTheFixedSeeds() throws IOException {
    assertThat(wrong(FIXED)).isEmpty();
  }

  /**
   * Seeds that nobody has seen do not decide this build, which would depend on chance, but each of
   * the next ones: what is wrong is told, and kept among the fixed seeds.
   */
  @Test
  void shouldKeepWhatNewSeedsFind() throws IOException {
    System.out.printf("%d new seeds, from %d on%n", NEW_SEEDS, FIRST_NEW);
    Map<Long, List<String>> wrong = wrong(NEW);
    wrong.forEach(
        (seed, violations) -> {
          System.out.printf("A NEW SEED IS WRONG: %d%n", seed);
          violations.forEach(violation -> System.out.println("  " + violation));
          System.out.printf("  replay it with: ./presence simulate --seed %d --trace%n", seed);
        });
    FoundSeeds.keep(wrong.keySet());
    assertThat(FoundSeeds.all()).containsAll(wrong.keySet());
  }

  private static Map<Long, List<String>> wrong(List<Long> seeds) throws IOException {
    Map<Long, List<String>> wrong = new TreeMap<>();
    for (long seed : seeds) {
      wrong.put(seed, aside().wrong(seed));
    }
    wrong.values().removeIf(List::isEmpty);
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
                "-XX:TieredStopAtLevel=1",
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
