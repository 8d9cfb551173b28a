package dev.presence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The short form of {@code ./presence chaos}: four faults on one stage, judged together. */
@Isolated("it starts a dozen processes, and looks at what they do within seconds")
final class ChaosTest {

  private static final int CLIENTS = 80;
  private static final Pace SHORT =
      new Pace(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(1), true);

  private final long startNanos = System.nanoTime();

  private void tell(String step) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, step);
  }

  @Test
  void shouldShowNothingFalseWhateverIsKilledRestartedEmptiedOrCutOff() throws Exception {
    List<Outcome> outcomes;
    try (Machine machine = new Machine();
        Stage stage = TestStage.start("short", CLIENTS)) {
      outcomes = new Performance(stage, machine, SHORT, this::tell).play(Scenarios.SHORT);
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
