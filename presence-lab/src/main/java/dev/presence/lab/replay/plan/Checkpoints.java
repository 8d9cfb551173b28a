package dev.presence.lab.replay.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * When the schedule is to stop, so that every view can be compared.
 *
 * @param timesMillis on the schedule's clock
 * @param minPeople a checkpoint waits until so many people are online
 */
public record Checkpoints(List<Long> timesMillis, int minPeople) {

  /** One each so often: nine in the first 120 s. */
  private static final long APART_MILLIS = 13_000;

  private static final long WINDOW_MILLIS = 120_000;

  /** Full checkpoints have so many people online. */
  static final int MIN_PEOPLE = 50;

  /** The plan knows only roughly how many are online at a moment. */
  private static final double MARGIN = 1.5;

  /**
   * Spreads checkpoints over the first 120 s of the schedule, each moved on to the next moment with
   * enough people. A schedule that is too short for that has one, where it is fullest; if {@value
   * #MIN_PEOPLE} people are too many for it, half of its peak will do.
   */
  public static Checkpoints of(Plan plan) {
    int[] people = new Crowd(plan).peopleBySecond();
    int fullest = 0;
    for (int second = 0; second < people.length; second++) {
      fullest = people[second] > people[fullest] ? second : fullest;
    }
    int minPeople = Math.max(1, Math.min(MIN_PEOPLE, people[fullest] / 2));
    long window = Math.min(WINDOW_MILLIS, plan.spanMillis());
    List<Long> times = new ArrayList<>();
    for (long wanted = APART_MILLIS; wanted <= window; wanted += APART_MILLIS) {
      int second = (int) (wanted / 1_000);
      while (second * 1_000L < window && people[second] < minPeople * MARGIN) {
        second++;
      }
      if (second * 1_000L <= window && (times.isEmpty() || second * 1_000L > times.getLast())) {
        times.add(second * 1_000L);
      }
    }
    if (times.isEmpty()) {
      times.add(fullest * 1_000L);
    }
    return new Checkpoints(List.copyOf(times), minPeople);
  }
}
