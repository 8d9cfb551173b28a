package dev.presence.lab.replay.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.replay.plan.Plan.Options;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class PlanTest {

  private static final Options FULL = new Options(1, 100_000, Integer.MAX_VALUE, Holds.FULL);
  private static final Plan COLLEGE = Plan.of(ChatLog.bundled(), FULL);

  private static Plan plan(String log, Options options) throws IOException {
    return Plan.of(
        ChatLog.parse("log", new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8))),
        options);
  }

  private static long count(Predicate<PlannedSession> which) {
    return COLLEGE.sessions().stream().filter(which).count();
  }

  @Test
  void shouldFindTheWholeCollege() {
    assertThat(COLLEGE.sessions()).hasSize(28_093);
    assertThat(COLLEGE.users()).hasSize(1_899);
    assertThat(COLLEGE.contacts().pairs()).isEqualTo(13_838);
    assertThat(COLLEGE.absentees()).isEqualTo(549);
  }

  @Test
  void shouldCutSessionsAtGapsOfMoreThan900Seconds() throws IOException {
    Plan plan = plan("a b 1000\na c 1900\na b 2801\nb a 2000\n", FULL);

    assertThat(plan.sessions())
        .extracting(session -> plan.users().get(session.user()))
        .containsExactly("a", "b", "a");
    assertThat(plan.sessions())
        .extracting(PlannedSession::loggedStart)
        .containsExactly(1_000L, 2_000L, 2_801L);
    assertThat(plan.sessions())
        .extracting(PlannedSession::loggedEnd)
        .containsExactly(2_200L, 2_300L, 3_101L);
    assertThat(plan.absentees()).as("c only receives").isEqualTo(1);
  }

  @Test
  void shouldLetTheWebLibraryHoldTwoOfNineSessions() {
    assertThat(count(PlannedSession::web)).isBetween(28_093 * 2L / 9 - 2, 28_093 * 2L / 9 + 2);
    assertThat(count(session -> session.web() && session.ending() == Ending.CUT_AND_RESUME))
        .isBetween(28_093L / 25, 28_093L / 20);
    for (int start = 0; start < 900; start += 9) {
      assertThat(COLLEGE.sessions().subList(start, start + 9).stream().filter(PlannedSession::web))
          .hasSize(2);
    }
  }

  @Test
  void shouldMakeContactsMutual() throws IOException {
    Plan plan = plan("a b 1\nb a 2\na c 3\na a 4\n", FULL);

    assertThat(plan.contacts().pairs()).isEqualTo(2);
    assertThat(plan.contacts().count(0)).isEqualTo(2);
    assertThat(plan.contacts().contact(1, 0)).isEqualTo(0);
    assertThat(plan.contacts().contact(2, 0)).isEqualTo(0);
  }

  @Test
  void shouldCompressStarts() throws IOException {
    Plan plan = plan("a b 1000\nb a 2000\n", new Options(1, 500, Integer.MAX_VALUE, Holds.FULL));

    assertThat(plan.sessions()).extracting(PlannedSession::startMillis).containsExactly(0L, 2_000L);
  }

  @Test
  void shouldHoldNineOfTenFor2SecondsAndTheRestFor10To30() {
    assertThat(count(session -> session.holdMillis() == 2_000))
        .isCloseTo(25_284, Percentage.withPercentage(2));
    assertThat(COLLEGE.sessions())
        .extracting(PlannedSession::holdMillis)
        .allMatch(hold -> hold == 2_000 || (hold >= 10_000 && hold <= 30_000));
  }

  @Test
  void shouldChangeTheStatusOfOneInFiveWhileItIsHeld() {
    assertThat(count(session -> !session.statusChanges().isEmpty()))
        .isCloseTo(5_619, Percentage.withPercentage(5));
    assertThat(COLLEGE.sessions())
        .allSatisfy(
            session ->
                assertThat(session.statusChanges())
                    .allMatch(
                        change ->
                            change.afterMillis() > 0
                                && change.afterMillis() < session.holdMillis()));
    Set<StatusChange.Status> sent =
        COLLEGE.sessions().stream()
            .flatMap(session -> session.statusChanges().stream())
            .map(StatusChange::status)
            .collect(Collectors.toSet());
    assertThat(sent).containsExactlyInAnyOrder(StatusChange.Status.values());
  }

  @Test
  void shouldEndSessionsInAllWays() {
    assertThat(count(session -> session.ending() == Ending.SIGN_OUT))
        .isCloseTo(16_856, Percentage.withPercentage(2));
    assertThat(count(session -> session.ending() == Ending.CUT))
        .isCloseTo(5_619, Percentage.withPercentage(5));
    assertThat(count(session -> session.ending() == Ending.CUT_AND_RESUME))
        .isCloseTo(5_619, Percentage.withPercentage(5));
    assertThat(count(PlannedSession::cutsConnection)).isGreaterThan(550);
    assertThat(
            count(
                session ->
                    session.ending() == Ending.CUT_AND_RESUME
                        && session.resumeServer() != session.server()))
        .isCloseTo(2_809, Percentage.withPercentage(5));
  }

  @Test
  void shouldDecideAllBySeed() {
    assertThat(Plan.of(ChatLog.bundled(), FULL).sessions()).isEqualTo(COLLEGE.sessions());
    assertThat(Plan.of(ChatLog.bundled(), new Options(2, 100_000, 28_093, Holds.FULL)).sessions())
        .isNotEqualTo(COLLEGE.sessions());
  }

  @Test
  void shouldPlayTheSameFirstSessionsWhenLimited() {
    Plan limited = Plan.of(ChatLog.bundled(), new Options(1, 100_000, 400, Holds.FULL));

    assertThat(limited.sessions()).isEqualTo(COLLEGE.sessions().subList(0, 400));
    assertThat(limited.users()).hasSize(1_899);
  }

  @Test
  void shouldSpreadCheckpointsOverTheFirst120Seconds() {
    Checkpoints checkpoints = Checkpoints.of(COLLEGE);
    List<Long> times = checkpoints.timesMillis();

    assertThat(times).hasSizeGreaterThanOrEqualTo(8).isSorted().doesNotHaveDuplicates();
    assertThat(times.getFirst()).isLessThan(20_000);
    assertThat(times.getLast()).isBetween(100_000L, 120_000L);
    assertThat(checkpoints.minPeople()).isEqualTo(50);
  }

  @Test
  void shouldGiveAShortReplayACheckpointOfItsOwn() {
    Plan limited = Plan.of(ChatLog.bundled(), new Options(1, 100_000, 40, Holds.FULL));
    Checkpoints checkpoints = Checkpoints.of(limited);

    assertThat(checkpoints.timesMillis()).hasSize(1);
    assertThat(checkpoints.minPeople()).isBetween(1, 50);
  }
}
