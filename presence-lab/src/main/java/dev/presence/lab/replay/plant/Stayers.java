package dev.presence.lab.replay.plant;

import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those on whom a fault is visible: clients that stay for a while from now on. Knows from the plan
 * how long each is held, and from the wire when it began.
 */
final class Stayers {

  /** A user's sessions this far apart in the schedule do not meet. */
  private static final long APART_MILLIS = 40_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Map<String, Integer> indexes = new HashMap<>();
  private final boolean[] solitary;
  private final long[] begunNanos;

  /** The client of each user that began last, and is alone and unchanging; null if it is not. */
  private final Map<Integer, PlannedSession> alone = new HashMap<>();

  Stayers(Plan plan, List<String> users) {
    for (int i = 0; i < users.size(); i++) {
      indexes.put(users.get(i), i);
    }
    begunNanos = new long[plan.sessions().size()];
    solitary = new boolean[plan.sessions().size()];
    Map<Integer, List<PlannedSession>> byUser = new HashMap<>();
    for (PlannedSession session : plan.sessions()) {
      byUser.computeIfAbsent(session.user(), user -> new ArrayList<>()).add(session);
    }
    for (List<PlannedSession> sessions : byUser.values()) {
      for (int i = 0; i < sessions.size(); i++) {
        solitary[sessions.get(i).index()] = apart(sessions, i - 1) && apart(sessions, i);
      }
    }
  }

  /** Whether the sessions at {@code before} and after it do not meet. */
  private static boolean apart(List<PlannedSession> sessions, int before) {
    return before < 0
        || before + 1 >= sessions.size()
        || sessions.get(before + 1).startMillis() - sessions.get(before).startMillis()
            > APART_MILLIS;
  }

  /** A client has been told hello. */
  void began(PlannedSession session) {
    if (begunNanos[session.index()] == 0) {
      begunNanos[session.index()] = System.nanoTime();
      if (solitary[session.index()] && session.statusChanges().isEmpty()) {
        alone.put(session.user(), session);
      }
    }
  }

  /** The only client of a user, one that never changes its status; null if there is none. */
  @Nullable PlannedSession only(String user) {
    Integer index = indexes.get(user);
    return index == null ? null : alone.get(index);
  }

  /** Whether a client began at least so long ago, and stays at least so much longer. */
  boolean stays(PlannedSession session, long sinceMillis, long furtherMillis) {
    long begun = begunNanos[session.index()];
    long age = (System.nanoTime() - begun) / NANOS_PER_MILLI;
    return begun != 0 && age >= sinceMillis && age + furtherMillis <= session.holdMillis();
  }
}
