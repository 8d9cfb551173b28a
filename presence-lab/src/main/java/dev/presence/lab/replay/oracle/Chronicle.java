package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Life.Activity;
import dev.presence.lab.replay.oracle.Life.Reason;
import dev.presence.lab.replay.oracle.Life.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the clients of some users did, in order, to look into a fault. */
public final class Chronicle {

  private final Evidence evidence;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(long atMicros, String text) {}

  private Chronicle(Evidence evidence, Set<String> users) {
    this.evidence = evidence;
    for (SessionLog log : evidence.logs()) {
      String user = evidence.users().get(log.user());
      if (users.contains(user)) {
        add(user, log);
      }
    }
    entries.sort(Comparator.comparingLong(Entry::atMicros));
  }

  /** Tells of these users, a line each deed. */
  public static List<String> of(Evidence evidence, Collection<String> users) {
    return new Chronicle(evidence, Set.copyOf(users)).entries.stream().map(Entry::text).toList();
  }

  private void add(String user, SessionLog log) {
    for (Life life : log.lives()) {
      add(life.openMicros(), user, life, "Open sent");
      add(life.helloMicros(), user, life, "hello");
      for (Activity activity : life.activities()) {
        add(activity.atMicros(), user, life, activity.away() ? "says AWAY" : "says ACTIVE");
      }
      for (Span absence : life.absences()) {
        add(absence.fromMicros(), user, life, "cut");
        add(absence.toMicros(), user, life, "back, or its grace period is over");
      }
      if (life.reason() != Reason.OPEN) {
        add(life.endMicros(), user, life, "ended: " + life.reason());
      }
    }
    for (Wished wish : log.wishes()) {
      add(wish.atMicros(), user, log.sessionId(), wish.busy() ? "wishes BUSY" : "wishes AVAILABLE");
    }
    for (Span ghost : log.ghosts()) {
      add(ghost.fromMicros(), user, log.sessionId(), "Open sent that was not answered");
    }
  }

  private void add(long atMicros, String user, Life life, String what) {
    add(atMicros, user, life.sessionId(), what);
  }

  private void add(long atMicros, String user, @Nullable String session, String what) {
    entries.add(
        new Entry(
            atMicros,
            "%s user %s session %s: %s"
                .formatted(
                    Instant.ofEpochMilli(evidence.wallMillis(atMicros)), user, session, what)));
  }
}
