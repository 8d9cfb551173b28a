package dev.presence.server.cluster;

/**
 * Whether this server is in touch with the store, and the time that grace periods run on: it stands
 * still while out of touch and for a moment after, so that no outage of the store takes anyone
 * offline. Thread-safe.
 */
public final class Contact {

  /** An answer older than this does not count. */
  static final long ANSWER_VALID_MILLIS = 2_500;

  /** How long after regaining contact the grace time stands still. */
  static final long SETTLE_MILLIS = 2_000;

  /** How late an answer may be that counts as just now. */
  private static final long FRESH_MARGIN_MILLIS = 250;

  private boolean ever;
  private long regains;
  private long interruptions;
  private long lastAnswer;
  private long regainedAt;
  private long accruedGrace;

  /** The store has answered. True if contact was (re)gained by it. */
  synchronized boolean answered(long nowMillis) {
    boolean regained = !inContact(nowMillis);
    if (regained) {
      regains++;
      interrupt(nowMillis);
    }
    ever = true;
    lastAnswer = nowMillis;
    return regained;
  }

  /** What the store says shows that it lost history: contact counts as regained now. */
  synchronized void interrupt(long nowMillis) {
    interruptions++;
    accruedGrace = graceTime(nowMillis);
    regainedAt = nowMillis;
  }

  /** How many times contact was (re)gained, by whatever answer. */
  synchronized long regains() {
    return regains;
  }

  /** How many times it was (re)gained, or counts as regained. */
  synchronized long interruptions() {
    return interruptions;
  }

  /** Whether the last answer is recent. */
  public synchronized boolean inContact(long nowMillis) {
    return ever && nowMillis - lastAnswer <= ANSWER_VALID_MILLIS;
  }

  /** Whether an answer came within the last {@code withinMillis}, or a little more. */
  synchronized boolean fresh(long nowMillis, long withinMillis) {
    return ever && nowMillis - lastAnswer <= withinMillis + FRESH_MARGIN_MILLIS;
  }

  /** When the store last answered, on the monotonic clock; meaningless before the first answer. */
  synchronized long lastAnswer() {
    return lastAnswer;
  }

  /** The time that grace periods run on, in milliseconds; only differences mean anything. */
  public synchronized long graceTime(long nowMillis) {
    if (!ever) {
      return accruedGrace;
    }
    long until = Math.min(nowMillis, lastAnswer + ANSWER_VALID_MILLIS);
    return accruedGrace + Math.max(0, until - (regainedAt + SETTLE_MILLIS));
  }
}
