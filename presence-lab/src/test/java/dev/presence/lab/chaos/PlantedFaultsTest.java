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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What chaos is worth: mistakes that somebody could make in the server are made on purpose, one at
 * a time, and the scenario that is there for it must not be right. That it is right without the
 * mistake, the other runs show.
 */
@Isolated("what is wrong here must be the mistake, and not a busy machine")
final class PlantedFaultsTest {

  private static final String SERVER = "presence-server/src/main/java/dev/presence/server/";
  private static final int CLIENTS = 80;
  private static final Pace PACE =
      new Pace(Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(2), true);

  private static final PlantedBug GRACE_SKIPPED =
      bug(
          "grace skipped",
          "session/GracePeriods.java",
          """
          context.publish(session, null);
          int attempt = session.attempt;
          var _ = context.lane().schedule(graceMillis(), () -> check(session, attempt));
          """,
          "close.accept(session, reason);");

  private static final PlantedBug NO_RESET =
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
          """);

  private static final PlantedBug NO_WAITING =
      bug(
          "drain without waiting",
          "session/LaneSessions.java",
          "CompletableFuture<Void> emptied = drain.begin(rules, lanes);",
          """
          for (Session session : new java.util.ArrayList<>(registry.all())) {
            Attachment stream = session.attachment;
            close(session, CloseReason.CONNECTION_LOST);
            if (stream != null) {
              stream.end(CloseReason.DRAINING, Advice.RECONNECT_ELSEWHERE);
            }
          }
          CompletableFuture<Void> emptied = drain.begin(rules, lanes);
          """);

  private static PlantedBug bug(String name, String source, String right, String wrong) {
    return new PlantedBug(name, "", 0, SERVER + source, right, wrong);
  }

  static List<PlantedBug> all() {
    return List.of(GRACE_SKIPPED, NO_RESET, NO_WAITING);
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

  /** In each build, so that it is not noticed only when the long tests run. */
  @ParameterizedTest
  @MethodSource("all")
  void shouldStillHaveAPlaceInTheServer(PlantedBug bug) {
    assertThat(bug.plantedIn(TestStage.ROOT)).contains(bug.wrong());
  }

  @Test
  @Tag("long")
  void shouldFindThatTheGracePeriodIsSkipped() throws Exception {
    assertThat(play("half-cut", GRACE_SKIPPED).count(Kind.FALSE_OFFLINE)).isPositive();
  }

  @Test
  @Tag("long")
  void shouldFindThatNothingIsWrittenAgainAfterAWipe() throws Exception {
    Outcome outcome = play("redis-emptied", NO_RESET);
    assertThat(outcome.right()).isFalse();
    assertThat(outcome.count(Kind.WRONG_VIEW) + outcome.count(Kind.FALSE_OFFLINE)).isPositive();
  }

  @Test
  @Tag("long")
  void shouldFindThatADrainDoesNotWait() throws Exception {
    assertThat(play("rolling-once", NO_WAITING).count(Kind.FALSE_OFFLINE)).isPositive();
  }
}
