package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.oracle.Truth.Segment;
import dev.presence.lab.chaos.oracle.Truth.State;
import dev.presence.lab.replay.oracle.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whatever a connected app shows is true, but for the time of a fault and a few seconds after; and
 * measures how long after a fault something wrong was still shown.
 */
final class ViewCheck {

  private final Evidence evidence;
  private final List<Truth> truths;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> converged = new LinkedHashMap<>();
  private long wrongAtEnd;

  /** What an app showed of a contact, from a moment on. */
  private record Shown(long fromMicros, Seen seen) {}

  ViewCheck(Evidence evidence, List<Visit> visits, List<Truth> truths) {
    this.evidence = evidence;
    this.truths = truths;
    evidence.troubles().stream()
        .filter(trouble -> evidence.current(trouble.fromMicros()))
        .forEach(trouble -> converged.put(trouble.name(), 0L));
    visits.forEach(this::check);
  }

  List<Finding> findings() {
    return findings;
  }

  Map<String, Long> convergedMicros() {
    return converged;
  }

  long wrongAtEnd() {
    return wrongAtEnd;
  }

  private void check(Visit watcher) {
    Map<Integer, List<Shown>> shown = shown(watcher);
    for (int i = 0; i < evidence.contacts().count(watcher.user()); i++) {
      int contact = evidence.contacts().contact(watcher.user(), i);
      for (Stretch stretch : watcher.stretches()) {
        check(watcher, stretch, contact, shown.getOrDefault(contact, List.of()));
      }
    }
  }

  private static Map<Integer, List<Shown>> shown(Visit watcher) {
    Map<Integer, List<Shown>> shown = new HashMap<>();
    for (Entry entry : watcher.entries()) {
      if (entry.deed() == Deed.TOLD) {
        shown
            .computeIfAbsent(entry.contact(), _ -> new ArrayList<>())
            .add(new Shown(entry.atMicros(), entry.seen()));
      }
    }
    return shown;
  }

  private void check(Visit watcher, Stretch stretch, int contact, List<Shown> shown) {
    long from = Math.max(stretch.fromMicros() + Rules.SNAPSHOT, evidence.sinceMicros());
    long to = Math.min(stretch.toMicros(), evidence.untilMicros());
    if (from >= to) {
      return;
    }
    for (Segment segment : truths.get(contact).segments()) {
      if (segment.state() != State.MAYBE
          && segment.toMicros() > from
          && segment.fromMicros() < to) {
        for (int i = -1; i < shown.size(); i++) {
          long begin = i < 0 ? Long.MIN_VALUE : shown.get(i).fromMicros;
          long end = i + 1 < shown.size() ? shown.get(i + 1).fromMicros : Long.MAX_VALUE;
          Seen seen = i < 0 ? Seen.UNKNOWN : shown.get(i).seen;
          if (wrong(segment.state(), seen)) {
            note(
                watcher,
                contact,
                seen,
                Math.max(begin, Math.max(from, judged(segment))),
                Math.min(end, Math.min(to, segment.toMicros())));
          }
        }
      }
    }
  }

  /** From when on it must be seen. */
  private static long judged(Segment segment) {
    return segment.fromMicros() == Long.MIN_VALUE
        ? segment.fromMicros()
        : segment.fromMicros() + Rules.LAG;
  }

  private static boolean wrong(State truth, Seen seen) {
    boolean present = seen == Seen.ONLINE || seen == Seen.AWAY || seen == Seen.BUSY;
    return truth == State.ON ? !present : seen != Seen.OFFLINE;
  }

  private void note(Visit watcher, int contact, Seen seen, long from, long to) {
    if (from >= to) {
      return;
    }
    long judgedFrom = from;
    for (Trouble trouble : evidence.troubles()) {
      if (converged.containsKey(trouble.name())
          && to > trouble.healedMicros()
          && from <= trouble.settledMicros()) {
        converged.merge(trouble.name(), to - trouble.healedMicros(), Math::max);
      }
      if (trouble.hides(judgedFrom)) {
        judgedFrom = trouble.settledMicros();
      }
    }
    if (judgedFrom < to) {
      boolean atEnd = to == evidence.untilMicros();
      wrongAtEnd += atEnd ? 1 : 0;
      findings.add(
          new Finding(
              Kind.WRONG_VIEW,
              evidence.users().get(contact),
              judgedFrom,
              "the app of %s showed %s for %.1f s%s"
                  .formatted(
                      evidence.users().get(watcher.user()),
                      seen,
                      (to - from) / 1e6,
                      atEnd ? ", to the end" : "")));
    }
  }
}
