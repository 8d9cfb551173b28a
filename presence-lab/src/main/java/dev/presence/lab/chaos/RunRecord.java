package dev.presence.lab.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scenarios;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes what came of runs into {@code docs/reliability.md}, between two comments: a row for each
 * scenario and topology, of its newest run.
 */
final class RunRecord {

  private static final String DOCUMENT = "docs/reliability.md";

  static final String BEGIN = "<!-- chaos: begin -->";
  static final String END = "<!-- chaos: end -->";

  private static final String HEAD =
      """
      | scenario | Redis | bound | result | false offlines | wrong views at the end | right after | \
      gone, told offline within | rows missing, extra, differing | GetPresence (stale) | figures | \
      commit, date, machine |
      |---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private static final List<Kind> NO_COLUMN =
      List.of(
          Kind.FALSE_EVENT,
          Kind.WRONG_VIEW,
          Kind.WRONG_LAST_SEEN,
          Kind.LATE_RETURN,
          Kind.LEAK,
          Kind.APP_ERROR);

  private static final int SHORT = 120;

  private final Path root;
  private final String topology;
  private final String machine;

  /** What was checked out when it began, as what runs was built from that. */
  private final String commit;

  RunRecord(Path root, String topology, String machine) {
    this.root = root;
    this.topology = topology;
    this.machine = machine;
    commit = commit();
  }

  /** Replaces the row of this scenario, and leaves others as they are. */
  void write(Outcome outcome) {
    Path document = root.resolve(DOCUMENT);
    try {
      String stamp = "%s, %s, %s".formatted(commit, LocalDate.now(Clock.systemUTC()), machine);
      String row = row(outcome, stamp);
      Files.writeString(document, merged(Files.readString(document), List.of(row)));
    } catch (IOException e) {
      throw new UncheckedIOException("the result cannot be written into " + document, e);
    }
  }

  /** The document with these rows in it. */
  static String merged(String document, List<String> fresh) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(
          "docs/reliability.md lacks "
              + BEGIN
              + " and "
              + END
              + ", between which the table stands");
    }
    List<String> rows = new ArrayList<>();
    String[] lines = document.substring(begin + BEGIN.length(), end).strip().split("\n", -1);
    for (int i = 2; i < lines.length; i++) {
      rows.add(lines[i]);
    }
    for (String row : fresh) {
      rows.removeIf(old -> Key.of(old).equals(Key.of(row)));
      rows.add(row);
    }
    rows.sort(Comparator.comparing(Key::of));
    return document.substring(0, begin)
        + BEGIN
        + "\n"
        + HEAD
        + String.join("\n", rows)
        + "\n"
        + document.substring(end);
  }

  /** What a row is about; rows stand in the order in which scenarios are played. */
  private record Key(int place, String scenario, int topology) implements Comparable<Key> {

    private static final List<String> SCENARIOS =
        Stream.concat(Scenarios.ALL.stream(), Stream.of(Scenarios.STORM, Scenarios.SOAKED))
            .map(Scenario::name)
            .toList();

    private static final List<String> TOPOLOGIES = List.of("single", "sentinel", "cluster");

    static Key of(String row) {
      String[] cells = row.split("\\|", -1);
      String scenario = cells[1].split("`", -1)[1];
      int place = SCENARIOS.indexOf(scenario);
      return new Key(
          place < 0 ? SCENARIOS.size() : place, scenario, TOPOLOGIES.indexOf(cells[2].strip()));
    }

    @Override
    public int compareTo(Key other) {
      return Comparator.comparingInt(Key::place)
          .thenComparing(Key::scenario)
          .thenComparingInt(Key::topology)
          .compare(this, other);
    }
  }

  private String row(Outcome outcome, String stamp) {
    return "| `%s`: %s | %s | %s | %s | %d | %d | %.1f s | %s | %d, %d, %d | %.2f %% (%d) | %s | %s |"
        .formatted(
            outcome.scenario().name(),
            outcome.scenario().what(),
            topology,
            outcome.scenario().bound(),
            outcome.right() ? "ok" : "**not right**",
            outcome.count(Kind.FALSE_OFFLINE),
            outcome.wrongAtEnd(),
            outcome.convergedMicros() / 1e6,
            outcome.offlineMicros() == 0 ? "–" : "%.1f s".formatted(outcome.offlineMicros() / 1e6),
            outcome.count(Kind.MISSING_ROW),
            outcome.count(Kind.EXTRA_ROW),
            outcome.count(Kind.DIFFERING_ROW),
            100 * outcome.success().share(),
            outcome.success().stale(),
            String.join("; ", figures(outcome)),
            stamp);
  }

  /** Notes; and of what was wrong all that has no column. */
  private static List<String> figures(Outcome outcome) {
    List<String> figures = new ArrayList<>(outcome.notes());
    for (Kind kind : NO_COLUMN) {
      long count = outcome.count(kind);
      if (count > 0) {
        figures.add("%d of: %s".formatted(count, kind.words()));
      }
    }
    outcome.shortcomings().stream().map(RunRecord::shortened).forEach(figures::add);
    return figures;
  }

  private static String shortened(String shortcoming) {
    String line = shortcoming.replaceAll("[|\\s]+", " ");
    return line.length() <= SHORT ? line : line.substring(0, SHORT) + "…";
  }

  /** What is checked out, with a plus if something but this record has been changed since. */
  private String commit() {
    String commit = git("rev-parse", "--short", "HEAD");
    return commit.isEmpty()
        ? "no commit"
        : commit + (git("status", "-s", "--", ".", ":!" + DOCUMENT).isEmpty() ? "" : "+");
  }

  private String git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("git cannot tell what is checked out", e);
    }
  }
}
