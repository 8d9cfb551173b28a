package dev.presence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RunRecordTest {

  private static final String EMPTY =
      "# Before\n\n" + RunRecord.BEGIN + "\n" + RunRecord.END + "\n\nAfter\n";

  private static String row(String scenario, String redis, String rest) {
    return "| `" + scenario + "` | " + redis + " | " + rest + " |";
  }

  @Test
  void shouldWriteATableBetweenTheMarks() {
    String written = RunRecord.merged(EMPTY, List.of(row("kill", "single", "old")));

    assertThat(written)
        .startsWith("# Before\n\n" + RunRecord.BEGIN + "\n| scenario | Redis |")
        .endsWith(row("kill", "single", "old") + "\n" + RunRecord.END + "\n\nAfter\n");
  }

  @Test
  void shouldReplaceTheRowOfTheSameScenarioAndTopologyOnly() {
    String written =
        RunRecord.merged(
            EMPTY,
            List.of(
                row("kill", "single", "old"),
                row("kill", "cluster", "old"),
                row("rolling", "single", "old")));

    String again = RunRecord.merged(written, List.of(row("kill", "single", "new")));

    assertThat(again)
        .contains(row("kill", "single", "new"))
        .contains(row("kill", "cluster", "old"))
        .contains(row("rolling", "single", "old"))
        .doesNotContain(row("kill", "single", "old"));
    assertThat(RunRecord.merged(again, List.of())).isEqualTo(again);
  }

  @Test
  void shouldKeepTheOrderInWhichScenariosArePlayed() {
    String written =
        RunRecord.merged(
            EMPTY,
            List.of(
                row("storm", "single", "4"),
                row("redis-emptied", "cluster", "3"),
                row("redis-emptied", "single", "2"),
                row("kill", "single", "1")));

    assertThat(written.lines().filter(line -> line.startsWith("| `")))
        .containsExactly(
            row("kill", "single", "1"),
            row("redis-emptied", "single", "2"),
            row("redis-emptied", "cluster", "3"),
            row("storm", "single", "4"));
  }

  @Test
  void shouldSayWhatIsMissingWhereThereAreNoMarks() {
    assertThatThrownBy(() -> RunRecord.merged("nothing", List.of()))
        .hasMessageContaining(RunRecord.BEGIN);
  }
}
