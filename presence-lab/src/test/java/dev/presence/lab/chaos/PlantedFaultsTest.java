package dev.presence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import dev.presence.lab.simulation.plant.PlantedBug;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What chaos is worth: mistakes that somebody could make in the server are made on purpose, one at
 * a time, and the scenario that is there for it must not be right. That it is right without the
 * mistake, the other runs show.
 */
@Tag("long")
@Isolated("what is wrong here must be the mistake, and not a busy machine")
final class PlantedFaultsTest {

  private static final String SERVER = "presence-server/src/main/java/dev/presence/server/";
  private static final int CLIENTS = 80;
  private static final Pace PACE =
      new Pace(Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(2));

  private static PlantedBug bug(String name, String source, String right, String wrong) {
    return new PlantedBug(name, "", 0, SERVER + source, right, wrong);
  }

  private static Outcome play(String scenario, PlantedBug bug) throws Exception {
    Scenario played = Scenarios.named(scenario).orElseThrow();
    try (Machine machine = new Machine();
        Stage stage = TestStage.start("planted-" + scenario, CLIENTS, PlantedServer.build(bug))) {
      Outcome outcome =
          new Performance(stage, machine, PACE, System.out::println)
              .play(List.of(played))
              .getFirst();
      new Report(System.out).print(outcome);
      return outcome;
    }
  }

  @Test
  void shouldFindThatTheGracePeriodIsSkipped() throws Exception {
    Outcome outcome =
        play(
            "half-cut",
            bug(
                "grace skipped",
                "session/LaneSessions.java",
                """
                context.publish(session, null);
                int attempt = session.attempt;
                var _ = lane.schedule(timings.gracePeriod().toMillis(), () -> checkGrace(session, attempt));
                """,
                "close(session, reason);"));
    assertThat(outcome.count(Kind.FALSE_OFFLINE)).isPositive();
  }

  @Test
  void shouldFindThatNothingIsWrittenAgainAfterAWipe() throws Exception {
    Outcome outcome =
        play(
            "redis-emptied",
            bug(
                "no reset after a wipe",
                "cluster/Publisher.java",
                """
                established = false;
                Flight interrupted = flight;
                """,
                """
                if (acknowledged.epoch() > 0) {
                  return;
                }
                established = false;
                Flight interrupted = flight;
                """));
    assertThat(outcome.right()).isFalse();
    assertThat(outcome.count(Kind.WRONG_VIEW) + outcome.count(Kind.FALSE_OFFLINE)).isPositive();
  }

  @Test
  void shouldFindThatADrainDoesNotWait() throws Exception {
    Outcome outcome =
        play(
            "rolling-once",
            bug(
                "drain without waiting",
                "session/LaneSessions.java",
                "suspend(session, CloseReason.CONNECTION_LOST); stream.end(CloseReason.DRAINING,",
                "close(session, CloseReason.CONNECTION_LOST); stream.end(CloseReason.DRAINING,"));
    assertThat(outcome.count(Kind.FALSE_OFFLINE)).isPositive();
  }
}
