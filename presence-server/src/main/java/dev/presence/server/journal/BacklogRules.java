package dev.presence.server.journal;

/**
 * How much may wait for the history.
 *
 * @param heldRows rows that wait in memory, 1 or more; what comes after them waits in the store
 * @param bound changes that may wait in the store, 1 or more; beyond it the oldest are lost
 */
public record BacklogRules(int heldRows, long bound) {

  /** Rows in memory unless said otherwise: some 15 MB. */
  public static final int DEFAULT_HELD_ROWS = 50_000;

  /** What holds unless said otherwise. */
  public static final BacklogRules DEFAULT = new BacklogRules(DEFAULT_HELD_ROWS, 1_000_000);

  /** Rows that wait when the first alarm is raised; it is raised again at twice as many. */
  long alarmRows() {
    return Math.max(1, bound / 10);
  }
}
