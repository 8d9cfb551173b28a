package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * No app sees an error or a stranger, and no client is away for longer than its grace period but on
 * purpose.
 */
final class ConductCheck {

  private final Evidence evidence;
  private final List<Finding> findings = new ArrayList<>();

  ConductCheck(Evidence evidence, List<Visit> visits) {
    this.evidence = evidence;
    visits.forEach(this::check);
  }

  List<Finding> findings() {
    return findings;
  }

  private void check(Visit visit) {
    for (Entry entry : visit.entries()) {
      if (entry.deed() == Deed.GIVEN_UP && evidence.current(entry.atMicros())) {
        find(Kind.APP_ERROR, visit, entry.atMicros(), entry.text());
      }
      if (entry.deed() == Deed.TOLD_OF_STRANGER && evidence.current(entry.atMicros())) {
        find(Kind.LEAK, visit, entry.atMicros(), "its app was told of " + entry.text());
      }
    }
    for (int i = 0; i < visit.stretches().size(); i++) {
      Stretch stretch = visit.stretches().get(i);
      if (stretch.mayReturn() && evidence.current(stretch.toMicros())) {
        checkReturn(visit, stretch, Math.min(visit.nextHello(i), evidence.untilMicros()));
      }
    }
  }

  private void checkReturn(Visit visit, Stretch stretch, long back) {
    long away = back - stretch.toMicros();
    boolean lenient =
        evidence.troubles().stream()
            .anyMatch(
                trouble ->
                    trouble.leniency().lateReturns() && trouble.touches(stretch.toMicros(), back));
    if (away > Rules.GRACE && !lenient) {
      find(
          Kind.LATE_RETURN,
          visit,
          stretch.toMicros(),
          "%s %s then, and was back after %.1f s"
              .formatted(
                  stretch.end() == Deed.LOST ? "lost its stream to" : "was cut for a moment from",
                  stretch.node(),
                  away / 1e6));
    }
  }

  private void find(Kind kind, Visit visit, long at, String detail) {
    findings.add(new Finding(kind, evidence.users().get(visit.user()), at, detail));
  }
}
