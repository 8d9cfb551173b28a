package dev.presence.lab.chaos;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays scenarios one by one on the same stage; after one that was not right on a new one, so that
 * what it left does not count against the next.
 */
final class Run {

  private static final Logger log = LoggerFactory.getLogger(Run.class);

  private final Stage.Plan plan;
  private final Machine machine;
  private final PrintStream out;
  private final Consumer<Outcome> done;
  private final Pace pace;
  private final long startNanos = System.nanoTime();

  /**
   * A run to be.
   *
   * @param done is told of each outcome as soon as it is known
   */
  Run(Stage.Plan plan, Machine machine, Pace pace, PrintStream out, Consumer<Outcome> done) {
    this.plan = plan;
    this.machine = machine;
    this.out = out;
    this.done = done;
    this.pace = pace;
  }

  List<Outcome> play(List<Scenario> scenarios) throws InterruptedException, SQLException {
    List<Outcome> outcomes = new ArrayList<>();
    int stages = 0;
    while (outcomes.size() < scenarios.size()) {
      stages++;
      say("starting servers, stores and Envoy");
      try (Stage stage = Stage.start(at(plan.directory().resolve("stage" + stages)))) {
        Performance performance = new Performance(stage, machine, pace, this::say);
        boolean right = true;
        while (right && outcomes.size() < scenarios.size()) {
          Outcome outcome = outcome(performance, scenarios.get(outcomes.size()));
          new Report(out).print(outcome);
          outcomes.add(outcome);
          done.accept(outcome);
          right = outcome.right();
        }
        say("so far " + stage.crowd().tally());
      }
    }
    return outcomes;
  }

  /** A stage that breaks down under a scenario says something of that one, and not of the next. */
  private static Outcome outcome(Performance performance, Scenario scenario)
      throws InterruptedException {
    try {
      return performance.play(List.of(scenario)).getFirst();
    } catch (SQLException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException("while " + scenario.name() + " was played"); // by Ctrl-C
      }
      log.atError().setCause(e).log("a scenario broke off");
      return Outcome.broken(scenario, String.valueOf(e.getMessage()));
    }
  }

  private Stage.Plan at(Path directory) {
    return new Stage.Plan(
        plan.root(),
        plan.build(),
        directory,
        plan.redis(),
        plan.servers(),
        plan.clients(),
        plan.crowded(),
        plan.seed());
  }

  private void say(String step) {
    out.printf("%7.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, step);
  }
}
