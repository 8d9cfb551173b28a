package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.oracle.Truth.State;
import dev.presence.lab.replay.oracle.Seen;
import java.util.ArrayList;
import java.util.List;

/** Whoever is offline was last seen when their last client gave its last sign of life. */
final class LastSeenCheck {

  private final Evidence evidence;
  private final List<List<Kept>> sessions = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  LastSeenCheck(Evidence evidence, List<Visit> visits, List<Truth> truths) {
    this.evidence = evidence;
    evidence.users().forEach(_ -> sessions.add(new ArrayList<>()));
    visits.forEach(visit -> sessions.get(visit.user()).addAll(visit.sessions()));
    for (Visit watcher : visits) {
      for (Entry entry : watcher.entries()) {
        if (entry.deed() == Deed.TOLD
            && entry.seen() == Seen.OFFLINE
            && entry.lastSeenMillis() > 0
            && evidence.current(entry.atMicros())
            && truths.get(entry.contact()).at(entry.atMicros()) != State.ON) {
          check(watcher, entry);
        }
      }
    }
  }

  List<Finding> findings() {
    return findings;
  }

  /** The last sign of all that had ended by then. */
  private void check(Visit watcher, Entry told) {
    long min = 0;
    long max = 0;
    long known = knownMicros(told.atMicros());
    for (Kept session : sessions.get(told.contact())) {
      if (session.openMicros < told.atMicros()) {
        long tolerance = Signs.toleranceMillis(evidence.troubles(), session);
        if (session.endMicros < known) {
          min = Math.max(min, evidence.wallMillis(session.surelySentMicros()) - tolerance);
        }
        long last = evidence.wallMillis(session.lastSentMicros(told.atMicros()));
        max = Math.max(max, last + tolerance + Rules.UNDERWAY_MILLIS);
      }
    }
    long said = told.lastSeenMillis();
    if (said < min || said > max) {
      findings.add(
          new Finding(
              Kind.WRONG_LAST_SEEN,
              evidence.users().get(told.contact()),
              told.atMicros(),
              "the app of %s was told a last seen that is %.1f s %s"
                  .formatted(
                      evidence.users().get(watcher.user()),
                      (said < min ? min - said : said - max) / 1e3,
                      said < min ? "too early" : "too late")));
    }
  }

  /** Since when nobody needs to know what happened elsewhere. */
  private long knownMicros(long atMicros) {
    return evidence.troubles().stream()
        .filter(trouble -> trouble.leniency().news() && trouble.covers(atMicros))
        .mapToLong(Trouble::fromMicros)
        .reduce(atMicros, Math::min);
  }
}
