package dev.presence.lab.chaos;

import dev.presence.lab.chaos.calm.Questions;
import dev.presence.lab.chaos.calm.Questions.Success;
import dev.presence.lab.chaos.oracle.Finding;
import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.oracle.Trouble;
import dev.presence.lab.chaos.oracle.Verdict;
import dev.presence.lab.chaos.scenario.Limits;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What came of a scenario.
 *
 * @param scenario which
 * @param findings what clients and the history show that is wrong
 * @param wrongAtEnd views that were wrong in the end
 * @param convergedMicros how long after the fault the last view was wrong
 * @param offlineMicros how long after it began those were told offline who had gone, at the latest
 * @param success how questions were answered
 * @param shortcomings why it proves nothing, or what else was not as it must be
 * @param notes figures
 */
public record Outcome(
    Scenario scenario,
    List<Finding> findings,
    long wrongAtEnd,
    long convergedMicros,
    long offlineMicros,
    Success success,
    List<String> shortcomings,
    List<String> notes) {

  private static final long ASKED_AFTER = 10_000_000;
  private static final long ASKED_AT_LEAST = 20_000_000;

  /** The part of a verdict that is about one scenario. */
  static Outcome of(
      Scene scene, Verdict verdict, Questions questions, long from, long to, boolean last) {
    Scenario scenario = scene.scenario();
    Limits limits = scenario.limits();
    Trouble trouble = scene.trouble();
    List<Finding> findings =
        verdict.findings().stream()
            .filter(finding -> from <= finding.atMicros() && finding.atMicros() <= to)
            .toList();
    long converged = Objects.requireNonNullElse(verdict.convergedMicros().get(scenario.name()), 0L);
    long offline = Objects.requireNonNullElse(verdict.offlineMicros().get(scenario.name()), 0L);
    long until = Math.min(asked(trouble), to); // after that there is another fault
    Success success = scene.asked().orElseGet(() -> questions.between(trouble.fromMicros(), until));
    List<String> shortcomings = new ArrayList<>(scene.shortcomings());
    if (!success.enough()) {
      shortcomings.add(
          "only %d of %d questions were asked".formatted(success.asked(), success.wanted()));
    }
    if (success.share() < limits.success()) {
      shortcomings.add(
          "%.2f %% of GetPresence succeeded, first failures: %s"
              .formatted(100 * success.share(), success.failures().stream().limit(3).toList()));
    }
    if (!limits.offline().isZero()) {
      if (offline == 0) {
        shortcomings.add("nobody was told offline who had gone");
      } else if (offline > limits.offline().toMillis() * 1_000) {
        shortcomings.add("somebody was told offline after %.1f s".formatted(offline / 1e6));
      }
    }
    return new Outcome(
        scenario,
        findings,
        last ? verdict.wrongAtEnd() : 0,
        converged,
        offline,
        success,
        shortcomings,
        scene.notes());
  }

  /** Until when questions are counted: a while after the fault, and of an instant long enough. */
  private static long asked(Trouble trouble) {
    return Math.max(trouble.healedMicros() + ASKED_AFTER, trouble.fromMicros() + ASKED_AT_LEAST);
  }

  /** One that broke off. */
  static Outcome broken(Scenario scenario, String why) {
    return new Outcome(
        scenario, List.of(), 0, 0, 0, Success.NONE, List.of("broke off: " + why), List.of());
  }

  /** What came of several, as one. */
  static Outcome together(Scenario whole, List<Outcome> parts, List<String> notes) {
    return new Outcome(
        whole,
        parts.stream().flatMap(part -> part.findings.stream()).toList(),
        parts.stream().mapToLong(Outcome::wrongAtEnd).sum(),
        parts.stream().mapToLong(Outcome::convergedMicros).max().orElse(0),
        parts.stream().mapToLong(Outcome::offlineMicros).max().orElse(0),
        Success.together(parts.stream().map(Outcome::success).toList()),
        parts.stream().flatMap(part -> part.shortcomings.stream()).toList(),
        notes);
  }

  Outcome with(List<String> more) {
    List<String> all = new ArrayList<>(shortcomings);
    all.addAll(more);
    return new Outcome(
        scenario, findings, wrongAtEnd, convergedMicros, offlineMicros, success, all, notes);
  }

  /** Whether all was as it must be. */
  public boolean right() {
    return findings.isEmpty() && shortcomings.isEmpty();
  }

  /** How many findings of a kind there are. */
  public long count(Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }
}
