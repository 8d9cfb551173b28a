package dev.presence.lab.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

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
      gone, told offline within | rows missing, extra, differing | GetPresence (stale) | commit, \
      date, machine |
      |---|---|---|---|---|---|---|---|---|---|---|
      """;

  private final Path root;
  private final String topology;
  private final String machine;

  RunRecord(Path root, String topology, String machine) {
    this.root = root;
    this.topology = topology;
    this.machine = machine;
  }

  /** Replaces the row of this scenario, and leaves others as they are. */
  void write(Outcome outcome) {
    Path document = root.resolve(DOCUMENT);
    try {
      String stamp = "%s, %s, %s".formatted(commit(), LocalDate.now(Clock.systemUTC()), machine);
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
      int old = indexOf(rows, key(row));
      if (old < 0) {
        rows.add(row);
      } else {
        rows.set(old, row);
      }
    }
    return document.substring(0, begin)
        + BEGIN
        + "\n"
        + HEAD
        + String.join("\n", rows)
        + "\n"
        + document.substring(end);
  }

  private static int indexOf(List<String> rows, String key) {
    for (int i = 0; i < rows.size(); i++) {
      if (key(rows.get(i)).equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /** Scenario and topology. */
  private static String key(String row) {
    String[] cells = row.split("\\|", -1);
    return cells.length < 3 ? row : cells[1] + cells[2];
  }

  private String row(Outcome outcome, String stamp) {
    return "| `%s`: %s | %s | %s | %s | %d | %d | %.1f s | %s | %d, %d, %d | %.2f %% (%d) | %s |"
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
            stamp);
  }

  /** What is checked out, with a plus if something but this record has been changed since. */
  private String commit() throws IOException {
    String commit = git("rev-parse", "--short", "HEAD");
    return commit.isEmpty()
        ? "no commit"
        : commit + (git("status", "-s", "--", ".", ":!" + DOCUMENT).isEmpty() ? "" : "+");
  }

  private String git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
