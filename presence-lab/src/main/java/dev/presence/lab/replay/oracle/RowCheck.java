package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Fault.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every session that was told hello has exactly one row, which says whose it was, when it opened,
 * when it gave its last sign of life, and why it ended; and there is no other row.
 */
final class RowCheck {

  private final Evidence evidence;
  private final List<Fault> faults = new ArrayList<>();
  private int compared;

  RowCheck(Evidence evidence) {
    this.evidence = evidence;
    Map<String, HistoryRow> rows = new HashMap<>();
    for (HistoryRow row : evidence.history()) {
      HistoryRow twin = rows.putIfAbsent(row.sessionId(), row);
      if (twin != null) {
        extra(row, "a second row of its session");
      }
    }
    for (SessionLog log : evidence.logs()) {
      for (Life life : log.lives()) {
        compared++;
        HistoryRow row = rows.remove(life.sessionId());
        if (row == null) {
          missing(life);
        } else {
          compare(life, row);
        }
      }
    }
    rows.values().forEach(row -> extra(row, "no client was told of this session"));
  }

  List<Fault> faults() {
    return faults;
  }

  int compared() {
    return compared;
  }

  private void missing(Life life) {
    fault(
        Kind.MISSING_ROW,
        evidence.users().get(life.user()),
        life.sessionId(),
        life.openWallMillis(),
        "opened then, ended by " + life.reason() + ", and has no row");
  }

  private void extra(HistoryRow row, String why) {
    fault(Kind.EXTRA_ROW, row.user(), row.sessionId(), row.openedWallMillis(), why);
  }

  private void compare(Life life, HistoryRow row) {
    List<String> differences = new ArrayList<>(0);
    String user = evidence.users().get(life.user());
    if (!row.user().equals(user)) {
      differences.add("user is " + row.user());
    }
    within(
        differences,
        "opened",
        row.openedWallMillis(),
        life.openWallMillis(),
        life.helloWallMillis());
    within(
        differences,
        "last sign of life",
        row.lastSignWallMillis(),
        life.signMinWallMillis(),
        life.signMaxWallMillis());
    if (!life.reason().name().equals(row.closeReason())) {
      differences.add("close reason is " + row.closeReason() + " instead of " + life.reason());
    }
    if (!differences.isEmpty()) {
      fault(
          Kind.DIFFERING_ROW,
          user,
          life.sessionId(),
          life.openWallMillis(),
          String.join("; ", differences));
    }
  }

  private static void within(
      List<String> differences, String what, long found, long minMillis, long maxMillis) {
    if (found < minMillis - Rules.TOLERANCE_MILLIS || found > maxMillis + Rules.TOLERANCE_MILLIS) {
      differences.add(
          "%s is %s instead of %s"
              .formatted(what, Instant.ofEpochMilli(found), Instant.ofEpochMilli(maxMillis)));
    }
  }

  private void fault(Kind kind, String user, String sessionId, long atWallMillis, String detail) {
    faults.add(new Fault(kind, user, sessionId, atWallMillis, detail));
  }
}
