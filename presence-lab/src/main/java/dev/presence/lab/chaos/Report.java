package dev.presence.lab.chaos;

import dev.presence.lab.chaos.oracle.Finding;
import dev.presence.lab.chaos.oracle.Finding.Kind;
import java.io.PrintStream;
import java.util.List;

/** Prints outcomes for people. */
final class Report {

  private static final int TOLD_OF_A_KIND = 8;

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void print(Outcome outcome) {
    out.printf(
        "%s %s: %s%n",
        outcome.right() ? "ok    " : "WRONG ",
        outcome.scenario().name(),
        outcome.scenario().bound());
    out.printf(
        "       %d false offlines, %d false events, %d wrong views at the end, right %.1f s after"
            + " the fault%s%n",
        outcome.count(Kind.FALSE_OFFLINE),
        outcome.count(Kind.FALSE_EVENT),
        outcome.wrongAtEnd(),
        outcome.convergedMicros() / 1e6,
        outcome.offlineMicros() == 0
            ? ""
            : ", gone and told offline within %.1f s".formatted(outcome.offlineMicros() / 1e6));
    out.printf(
        "       rows: %d missing, %d extra, %d differing; GetPresence %.2f %% of %,d, %,d stale%n",
        outcome.count(Kind.MISSING_ROW),
        outcome.count(Kind.EXTRA_ROW),
        outcome.count(Kind.DIFFERING_ROW),
        100 * outcome.success().share(),
        outcome.success().asked(),
        outcome.success().stale());
    if (!outcome.notes().isEmpty()) {
      out.println("       " + String.join("; ", outcome.notes()));
    }
    outcome.shortcomings().forEach(shortcoming -> out.println("       not right: " + shortcoming));
    for (Kind kind : Kind.values()) {
      tell(kind, outcome.findings().stream().filter(found -> found.kind() == kind).toList());
    }
  }

  private void tell(Kind kind, List<Finding> findings) {
    findings.stream()
        .limit(TOLD_OF_A_KIND)
        .forEach(
            finding ->
                out.printf(
                    "       %s: %s at %.3f s: %s%n",
                    kind.words(), finding.user(), finding.atMicros() / 1e6, finding.detail()));
    if (findings.size() > TOLD_OF_A_KIND) {
      out.printf("       … and %,d more: %s%n", findings.size() - TOLD_OF_A_KIND, kind.words());
    }
  }
}
