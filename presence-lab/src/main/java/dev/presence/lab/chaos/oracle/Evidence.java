package dev.presence.lab.chaos.oracle;

import dev.presence.lab.replay.oracle.HistoryRow;
import dev.presence.lab.replay.plan.Contacts;
import java.util.List;

/**
 * What is judged by.
 *
 * @param users ids of all people
 * @param contacts who knows whom
 * @param logs of all clients there ever were, those of earlier scenarios too
 * @param troubles all faults there ever were, in order
 * @param rows the history
 * @param sinceMicros what was before has been judged already
 * @param rowsSinceMicros the same of the history: what had ended before
 * @param untilMicros when all had come to rest
 * @param originWallMillis the wall clock when the clock of the run was zero
 */
public record Evidence(
    List<String> users,
    Contacts contacts,
    List<ClientLog> logs,
    List<Trouble> troubles,
    List<HistoryRow> rows,
    long sinceMicros,
    long rowsSinceMicros,
    long untilMicros,
    long originWallMillis) {

  long wallMillis(long micros) {
    return originWallMillis + micros / 1_000;
  }

  boolean rowCurrent(long micros) {
    return rowsSinceMicros <= micros && micros <= untilMicros;
  }

  boolean current(long micros) {
    return sinceMicros <= micros && micros <= untilMicros;
  }
}
