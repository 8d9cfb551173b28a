package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Truth.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Holds the logs of all clients against each other, and against the history. */
public final class Judge {

  private Judge() {}

  /** Judges by all rules. */
  public static Verdict judge(Evidence evidence) {
    List<Visit> visits = evidence.logs().stream().map(Visit::new).toList();
    List<Truth> truths = truths(evidence, visits);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new EventCheck(evidence, visits, truths).findings());
    ViewCheck views = new ViewCheck(evidence, visits, truths);
    findings.addAll(views.findings());
    findings.addAll(new LastSeenCheck(evidence, visits, truths).findings());
    findings.addAll(new ConductCheck(evidence, visits).findings());
    findings.addAll(rowFindings(evidence, visits));
    findings.sort(Comparator.comparingLong(Finding::atMicros));
    return new Verdict(
        findings, views.convergedMicros(), OfflineTimes.of(evidence, visits), views.wrongAtEnd());
  }

  /** Judges the history alone: it is written a moment after the fact, and so may be asked again. */
  public static List<Finding> rows(Evidence evidence) {
    return rowFindings(evidence, evidence.logs().stream().map(Visit::new).toList());
  }

  private static List<Finding> rowFindings(Evidence evidence, List<Visit> visits) {
    return new RowCheck(evidence, visits).findings();
  }

  private static List<Truth> truths(Evidence evidence, List<Visit> visits) {
    Presences presences = new Presences(evidence.troubles());
    List<List<Segment>> spans = new ArrayList<>();
    evidence.users().forEach(_ -> spans.add(new ArrayList<>()));
    for (Visit visit : visits) {
      spans.get(visit.user()).addAll(presences.of(visit));
    }
    return spans.stream().map(Truth::new).toList();
  }
}
