package dev.presence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of {@code ./presence chaos}: four faults on one stage, judged together. */
@Tag("long") // until it holds within the time of a build
final class ChaosTest {

  private static final int CLIENTS = 80;
  private static final Pace SHORT =
      new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));

  @Test
  void shouldShowNothingFalseWhateverIsKilledRestartedEmptiedOrCutOff() throws Exception {
    List<Outcome> outcomes;
    try (Machine machine = new Machine();
        Stage stage = TestStage.start("short", CLIENTS)) {
      outcomes = new Performance(stage, machine, SHORT, System.out::println).play(Scenarios.SHORT);
    }
    outcomes.forEach(new Report(System.out)::print);

    assertThat(outcomes).hasSize(Scenarios.SHORT.size());
    for (Outcome outcome : outcomes) {
      String name = outcome.scenario().name();
      assertThat(outcome.shortcomings()).as(name).isEmpty();
      assertThat(outcome.count(Kind.FALSE_OFFLINE)).as(name + ": false offlines").isZero();
      assertThat(outcome.findings()).as(name).isEmpty();
    }
  }
}
