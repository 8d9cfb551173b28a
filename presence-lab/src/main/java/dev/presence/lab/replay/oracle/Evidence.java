package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.plan.Contacts;
import java.util.List;

/**
 * All that the oracle judges by.
 *
 * @param users ids of all people
 * @param contacts who knows whom
 * @param logs what each client did and was told
 * @param checkpoints what clients showed when nothing was going on
 * @param history the rows that PostgreSQL had in the end
 * @param originWallMillis the wall clock when the monotonic one was zero, to name times in faults
 */
public record Evidence(
    List<String> users,
    Contacts contacts,
    List<SessionLog> logs,
    List<Checkpoint> checkpoints,
    List<HistoryRow> history,
    long originWallMillis) {

  long wallMillis(long micros) {
    return originWallMillis + micros / 1_000;
  }
}
