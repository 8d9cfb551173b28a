package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.replay.oracle.HistoryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every session that was told hello has exactly one row, which says whose it was, when it opened,
 * and, once it has ended, when it gave its last sign of life and why it ended; and no other row is
 * there.
 */
final class RowCheck {

  private static final Set<String> VANISHED =
      Set.of("CONNECTION_LOST", "HEARTBEAT_TIMEOUT", "NODE_LOST");

  private final Evidence evidence;
  private final List<Finding> findings = new ArrayList<>();

  RowCheck(Evidence evidence, List<Visit> visits) {
    this.evidence = evidence;
    Map<String, HistoryRow> rows = new HashMap<>();
    for (HistoryRow row : evidence.rows()) {
      if (rows.put(row.sessionId(), row) != null) {
        find(Kind.EXTRA_ROW, row.user(), micros(row), "a second row of session " + row.sessionId());
      }
    }
    Set<String> known = new HashSet<>();
    for (Visit visit : visits) {
      for (Kept session : visit.sessions()) {
        known.add(session.id);
        if (evidence.rowCurrent(judgedAt(session))
            && session.helloMicros <= evidence.untilMicros()) {
          check(session, rows.get(session.id));
        }
      }
    }
    rows.values().stream()
        .filter(row -> !known.contains(row.sessionId()) && evidence.rowCurrent(micros(row)))
        .filter(row -> !unanswered(row, visits))
        .forEach(
            row ->
                find(
                    Kind.EXTRA_ROW,
                    row.user(),
                    micros(row),
                    "no client knows of session " + row.sessionId()));
  }

  List<Finding> findings() {
    return findings;
  }

  /** A session counts where it ended, or at the end of all: it may have begun long before. */
  private long judgedAt(Kept session) {
    return Math.min(session.endMicros, evidence.untilMicros());
  }

  private long micros(HistoryRow row) {
    return (row.openedWallMillis() - evidence.originWallMillis()) * 1_000;
  }

  /**
   * The client may have been cut before it was told of the session that its Open began. That one
   * ends like any other whose client is gone.
   */
  private boolean unanswered(HistoryRow row, List<Visit> visits) {
    long missed = micros(row) + Rules.GRACE + Rules.OFFLINE_AFTER_FAULT;
    boolean leftOpen =
        row.closeReason() == null
            && missed < evidence.untilMicros()
            && evidence.troubles().stream()
                .noneMatch(
                    trouble ->
                        evidence.untilMicros()
                            < trouble.healedMicros() + Rules.OFFLINE_AFTER_FAULT);
    if (leftOpen) {
      return false;
    }
    return visits.stream()
        .filter(visit -> evidence.users().get(visit.user()).equals(row.user()))
        .flatMap(visit -> visit.unanswered().stream())
        .anyMatch(open -> Math.abs(open - micros(row)) < Rules.UNANSWERED);
  }

  private void check(Kept session, @Nullable HistoryRow row) {
    String user = evidence.users().get(session.user);
    if (row == null) {
      find(Kind.MISSING_ROW, user, judgedAt(session), "session " + session.id + " has no row");
      return;
    }
    List<String> differences = new ArrayList<>(0);
    if (!row.user().equals(user)) {
      differences.add("user is " + row.user());
    }
    within(
        differences,
        "opened",
        row.openedWallMillis(),
        session.openMicros,
        session.helloMicros,
        Rules.TOLERANCE_MILLIS);
    compareEnd(session, row, differences);
    if (!differences.isEmpty()) {
      find(
          Kind.DIFFERING_ROW,
          user,
          judgedAt(session),
          "session %s on %s: %s"
              .formatted(session.id, session.nodes, String.join("; ", differences)));
    }
  }

  private void compareEnd(Kept session, HistoryRow row, List<String> differences) {
    String reason = row.closeReason();
    boolean right =
        switch (session.end) {
          case SIGNED_OUT -> "SIGNED_OUT".equals(reason);
          case VANISHED -> reason != null && VANISHED.contains(reason);
          case UNCONFIRMED ->
              reason != null && (reason.equals("SIGNED_OUT") || VANISHED.contains(reason));
          case OPENED -> reason != null; // another session took its place
          default -> reason == null;
        };
    if (!right) {
      differences.add(
          "close reason is %s though the client %s".formatted(reason, words(session.end)));
    }
    if (reason != null) {
      within(
          differences,
          "last sign of life",
          row.lastSignWallMillis(),
          session.surelySentMicros(),
          session.lastSentMicros(Long.MAX_VALUE),
          Signs.toleranceMillis(evidence.troubles(), session));
    }
  }

  private static String words(Deed end) {
    return switch (end) {
      case SIGNED_OUT -> "signed out";
      case VANISHED -> "vanished";
      case UNCONFIRMED -> "signed out without an answer";
      case OPENED -> "began another session";
      default -> "is there";
    };
  }

  private void within(
      List<String> differences, String what, long found, long min, long max, long tolerance) {
    long early = evidence.wallMillis(min) - found;
    long late = found - evidence.wallMillis(max);
    if (early > tolerance || late > tolerance + Rules.UNDERWAY_MILLIS) {
      differences.add(
          "%s is %.1f s too %s"
              .formatted(what, Math.max(early, late) / 1e3, early > late ? "early" : "late"));
    }
  }

  private void find(Kind kind, String user, long at, String detail) {
    findings.add(new Finding(kind, user, at, detail));
  }
}
