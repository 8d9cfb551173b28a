package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.oracle.Truth.State;
import dev.presence.lab.replay.oracle.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nobody is told offline, or unknown, of whom a client was connected, or away for no longer than
 * its grace period; nor that somebody has come who is not there.
 */
final class EventCheck {

  private final Evidence evidence;
  private final List<Truth> truths;
  private final List<Finding> findings = new ArrayList<>();

  EventCheck(Evidence evidence, List<Visit> visits, List<Truth> truths) {
    this.evidence = evidence;
    this.truths = truths;
    visits.forEach(this::check);
  }

  List<Finding> findings() {
    return findings;
  }

  private void check(Visit watcher) {
    Map<Integer, Seen> view = new HashMap<>();
    for (Entry entry : watcher.entries()) {
      if (entry.deed() == Deed.TOLD) {
        Seen before = view.put(entry.contact(), entry.seen());
        if (before != null && evidence.current(entry.atMicros())) {
          check(watcher, entry, before);
        }
      }
    }
  }

  private void check(Visit watcher, Entry told, Seen before) {
    long at = told.atMicros();
    Truth truth = truths.get(told.contact());
    boolean away = told.seen() == Seen.OFFLINE || told.seen() == Seen.UNKNOWN;
    boolean gone =
        told.seen() != Seen.ONLINE // or changed
            && truth.at(at) == State.ON
            && !lenient(at)
            && !wasSo(truth, watcher, at);
    boolean come =
        before == Seen.OFFLINE
            && !away
            && truth.at(at) == State.OFF
            && truth.at(at - Rules.LAG) == State.OFF
            && !deaf(at);
    if (told.seen() == before || !(gone || come)) {
      return;
    }
    findings.add(
        new Finding(
            told.seen() == Seen.OFFLINE ? Kind.FALSE_OFFLINE : Kind.FALSE_EVENT,
            evidence.users().get(told.contact()),
            at,
            "the app of %s, which showed %s, was told %s"
                .formatted(evidence.users().get(watcher.user()), before, told.seen())));
  }

  /** Whether it was true when it may have been said, into a line that was stalled. */
  private static boolean wasSo(Truth truth, Visit watcher, long toldMicros) {
    return watcher.stalls().stream()
        .anyMatch(
            stall ->
                stall.delayed(toldMicros)
                    && truth.wasOther(State.ON, stall.fromMicros(), toldMicros));
  }

  /** Whether servers could not hear of each other then. */
  private boolean deaf(long at) {
    return evidence.troubles().stream()
        .anyMatch(trouble -> trouble.leniency().news() && trouble.covers(at));
  }

  private boolean lenient(long at) {
    return evidence.troubles().stream()
        .anyMatch(
            trouble ->
                trouble.leniency().offlines()
                    && trouble.fromMicros() <= at
                    && at <= trouble.healedMicros() + Rules.OFFLINE_AFTER_FAULT);
  }
}
