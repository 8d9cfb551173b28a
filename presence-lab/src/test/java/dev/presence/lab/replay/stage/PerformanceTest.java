package dev.presence.lab.replay.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.clients.RunClock;
import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.Ending;
import dev.presence.lab.replay.plan.Holds;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.stage.Performance.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One session at a time, with servers that only say hello: what is cut, and who notices. */
@Execution(ExecutionMode.CONCURRENT) // they mostly wait for grace periods
final class PerformanceTest {

  private static final Holds SHORT = new Holds(900, 900, 900);

  private PlainServer first;
  private PlainServer second;

  @BeforeEach
  void start() throws IOException {
    first = new PlainServer("first");
    second = new PlainServer("second");
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private Outcome play(Ending ending, boolean cutsConnection, int resumeServer)
      throws InterruptedException {
    ChatLog log = new ChatLog(List.of("ann", "bob"), List.of(new ChatLog.Message(0, 1, 1)));
    Plan plan = Plan.of(log, new Plan.Options(1, 1, 1, SHORT));
    PlannedSession session =
        new PlannedSession(
            0, 0, 1, 301, 0, 900, List.of(), ending, cutsConnection, 0, resumeServer, 400, false);
    return Performance.play(
        new Plan(plan.users(), plan.contacts(), List.of(session)),
        People.of(plan.users(), plan.contacts()),
        Venue.servers(
            List.of(first.address(), second.address()), () -> Duration.ZERO, user -> "token"),
        Tap.NONE,
        new RunClock(),
        moment -> {});
  }

  @Test
  void shouldSignOut() throws InterruptedException {
    Outcome outcome = play(Ending.SIGN_OUT, false, 0);

    assertThat(first.events).containsExactly("open 1", "sign-out");
    assertThat(outcome.tally().finished()).isEqualTo(1);
    assertThat(outcome.tally().unplannedBreaks()).isZero();
  }

  @Test
  void shouldCutAStreamForGood() throws InterruptedException {
    Outcome outcome = play(Ending.CUT, false, 0);

    assertThat(first.events).containsExactly("open 1", "cancelled");
    assertThat(outcome.tally().streamsCut()).isEqualTo(1);
    assertThat(outcome.tally().connectionsDropped()).isZero();
    assertThat(outcome.tally().unplannedBreaks()).isZero();
  }

  @Test
  void shouldDropAConnectionForGood() throws InterruptedException {
    Outcome outcome = play(Ending.CUT, true, 0);

    assertThat(first.events).containsExactly("open 1", "cancelled");
    assertThat(outcome.tally().connectionsDropped()).isEqualTo(1);
    assertThat(outcome.tally().unplannedBreaks()).isZero();
  }

  @Test
  void shouldResumeOnTheOtherServerAfterACutStream() throws InterruptedException {
    Outcome outcome = play(Ending.CUT_AND_RESUME, false, 1);

    assertThat(first.events).containsExactly("open 1", "cancelled");
    assertThat(second.events.getLast()).isEqualTo("sign-out");
    assertThat(second.events.getFirst()).matches("open [2-9]");
    assertThat(outcome.tally().resumesOther()).isEqualTo(1);
    assertThat(outcome.tally().minAwaySeconds()).isBetween(0.4, 2.9);
    assertThat(outcome.tally().unplannedBreaks()).isZero();
  }

  @Test
  void shouldResumeOnTheSameServerAfterADroppedConnection() throws InterruptedException {
    Outcome outcome = play(Ending.CUT_AND_RESUME, true, 0);

    assertThat(first.events).hasSize(4).startsWith("open 1", "cancelled").endsWith("sign-out");
    assertThat(second.events).isEmpty();
    assertThat(outcome.tally().resumesSame()).isEqualTo(1);
    assertThat(outcome.tally().connectionsDropped()).isEqualTo(1);
    assertThat(outcome.tally().unplannedBreaks()).isZero();
  }
}
