package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import java.time.Duration;

/**
 * What must hold, in numbers.
 *
 * @param right all views are right so soon after the fault
 * @param offline those who left for ever in the fault are told offline so soon after it began; zero
 *     where that is not asked
 * @param success the least share of {@code GetPresence} that is answered, 0 to 1
 * @param signs how far last signs of life may be from the truth that died with a server
 * @param rows the history is right so soon after all have come to rest
 * @param watch for how long after the fault false verdicts are waited for
 * @param leniency what is not asked for
 */
public record Limits(
    Duration right,
    Duration offline,
    double success,
    Duration signs,
    Duration rows,
    Duration watch,
    Leniency leniency) {

  /**
   * By then whoever is gone must have been told offline to all, which takes up to 19 s and a
   * moment: who is not, is seen in a wrong view.
   */
  private static final Duration VERDICTS = Duration.ofSeconds(22);

  /** What is asked of most. */
  static final Limits STRICT =
      new Limits(
          Duration.ofSeconds(5),
          Duration.ZERO,
          0.999,
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          VERDICTS,
          Leniency.VIEWS);

  /** A server dies, or is as good as dead: the last signs that it had heard of die with it. */
  Limits losesServer() {
    return new Limits(right, offline, success, Duration.ofSeconds(10), rows, watch, leniency);
  }

  /** Last signs of life may be so far from the truth. */
  Limits signsWithin(Duration time) {
    return new Limits(right, offline, success, time, rows, watch, leniency);
  }

  Limits offlineWithin(Duration time) {
    return new Limits(right, time, success, signs, rows, watch, leniency);
  }

  Limits rowsWithin(Duration time) {
    return new Limits(right, offline, success, signs, time, watch, leniency);
  }

  /** Nobody is left to answer. */
  Limits unanswered() {
    return new Limits(right, offline, 0, signs, rows, watch, leniency);
  }

  Limits lenient(Leniency more) {
    return new Limits(right, offline, success, signs, rows, watch, more);
  }
}
