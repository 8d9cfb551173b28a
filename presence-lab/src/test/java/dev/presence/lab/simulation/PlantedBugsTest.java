package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.simulation.plant.PlantLoader;
import dev.presence.lab.simulation.plant.PlantedBug;
import dev.presence.lab.simulation.plant.PlantedBugs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the simulation is worth: mistakes that somebody could make are made on purpose, one at a
 * time, and each has to be found by the invariant that is there for it, in a run in which that one
 * finds nothing wrong with the classes as they are.
 */
@Execution(ExecutionMode.CONCURRENT)
@Isolated("near the end, when nobody else needs the processor")
@Order(Integer.MAX_VALUE - 1)
class PlantedBugsTest {

  private static final Path ROOT = Path.of(System.getProperty("presence.root", ".."));
  private static final long MANY_SEEDS = 200;

  /** A seed that finds nothing, and a class whose lines are left as they are. */
  private static final PlantedBug NONE =
      new PlantedBug(
          "no bug at all",
          "none",
          1,
          "presence-server/src/main/java/dev/presence/server/cluster/Contact.java",
          "accruedGrace = graceTime(nowMillis);",
          "accruedGrace = (graceTime(nowMillis));");

  private static final class Played {
    static final PlayedAside ASIDE = PlayedAside.bugs(PlantedBugs.all());
  }

  /** Who asks first begins. */
  static PlayedAside aside() {
    return Played.ASIDE;
  }

  @AfterAll
  static void stop() {
    aside().close();
  }

  static List<PlantedBug> all() {
    return PlantedBugs.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldBeFoundByItsInvariant(PlantedBug bug) throws IOException {
    assertThat(aside().broken(bug))
        .as("seed %s and the bug: %s", bug.seed(), bug)
        .contains(PlayedAside.PLANTED + bug.invariant())
        .doesNotContain(PlayedAside.HEALTHY + bug.invariant());
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("long")
  void shouldBeFoundWithinManySeeds(PlantedBug bug) {
    PlantLoader planted = PlantLoader.with(bug, ROOT);
    long first =
        LongStream.rangeClosed(1, MANY_SEEDS)
            .filter(
                seed ->
                    planted.brokenInvariants(seed).contains(bug.invariant())
                        && !Simulation.brokenInvariants(seed).contains(bug.invariant()))
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        bug.invariant() + " does not find in " + MANY_SEEDS + " seeds: " + bug));
    System.out.println(bug + ": found by " + bug.invariant() + " with seed " + first);
  }

  @Test
  void shouldHoldAllSixteenOfTheIssue() {
    assertThat(PlantedBugs.NAMED).hasSize(16);
  }

  @Test
  void shouldHaveDifferentNames() {
    assertThat(all().stream().map(PlantedBug::name).distinct()).hasSameSizeAs(all());
  }

  @Test
  void shouldFindNothingWhereNothingIsPlanted() {
    assertThat(PlantLoader.with(NONE, ROOT).brokenInvariants(NONE.seed())).isEmpty();
  }

  @Test
  void shouldSayWhichBugCannotBePlantedAnyMore() {
    PlantedBug gone =
        new PlantedBug("a bug of old", "none", 1, NONE.source(), "lines of old();", "");
    assertThatThrownBy(() -> gone.plantedIn(ROOT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a bug of old")
        .hasMessageContaining("lines of old();")
        .hasMessageContaining("Contact.java");
  }

  @Test
  void shouldNotPlantWhereTheLinesStandTwice() {
    PlantedBug twice = new PlantedBug("two bugs", "none", 1, NONE.source(), "ever", "never");
    assertThatThrownBy(() -> twice.plantedIn(ROOT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two bugs")
        .hasMessageContaining("more than once");
  }

  @Test
  void shouldNotTakeACrashForAFinding() {
    PlantedBug crash =
        new PlantedBug(
            "crash",
            "none",
            1,
            "presence-server/src/main/java/dev/presence/server/cluster/Staleness.java",
            "lastTick = now;",
            "if (lastTick >= 0) { throw new IllegalStateException(\"crashed\"); }");
    PlantLoader planted = PlantLoader.with(crash, ROOT);
    assertThatThrownBy(() -> planted.brokenInvariants(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the run of seed 1 failed")
        .hasRootCauseMessage("crashed");
  }
}
