package dev.presence.lab.replay.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * What is true of one session, from its client's own log.
 *
 * @param user whose it is
 * @param sessionId as hello told it
 * @param openMicros when Open was sent: others may see it from here on
 * @param helloMicros when hello came: others must see it from here on
 * @param openWallMillis wall clock of {@code openMicros}
 * @param helloWallMillis wall clock of {@code helloMicros}
 * @param activities changes of its activity
 * @param absences when it had no stream
 * @param reason why it ended
 * @param endMicros from when on it no longer counts
 * @param signMinWallMillis the earliest possible last sign of life
 * @param signMaxWallMillis the latest possible one
 */
record Life(
    int user,
    String sessionId,
    long openMicros,
    long helloMicros,
    long openWallMillis,
    long helloWallMillis,
    List<Activity> activities,
    List<Span> absences,
    Reason reason,
    long endMicros,
    long signMinWallMillis,
    long signMaxWallMillis) {

  /** Why a session ended, in the words of the history; OPEN if it did not. */
  enum Reason {
    OPEN,
    SIGNED_OUT,
    CONNECTION_LOST
  }

  /**
   * The session said whether somebody is at the device.
   *
   * @param atMicros when
   * @param away what
   */
  record Activity(long atMicros, boolean away) {}

  /**
   * A time between two moments, the second one excluded.
   *
   * @param fromMicros the first moment
   * @param toMicros the second one
   */
  record Span(long fromMicros, long toMicros) {
    boolean covers(long atMicros) {
      return fromMicros <= atMicros && atMicros < toMicros;
    }
  }

  /** When it had a stream, and its client could be told something. */
  List<Span> live() {
    if (absences.isEmpty()) {
      return List.of(new Span(helloMicros, endMicros));
    }
    List<Span> live = new ArrayList<>();
    long from = helloMicros;
    for (Span absence : absences) {
      live.add(new Span(from, absence.fromMicros()));
      from = absence.toMicros();
    }
    if (from < endMicros) {
      live.add(new Span(from, endMicros));
    }
    return live;
  }
}
