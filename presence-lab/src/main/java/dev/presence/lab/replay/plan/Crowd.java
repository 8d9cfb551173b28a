package dev.presence.lab.replay.plan;

/** Roughly how many people are online when, if each session began at its planned start. */
final class Crowd {

  private final Plan plan;

  Crowd(Plan plan) {
    this.plan = plan;
  }

  /** People online in each second of the schedule's clock, from the first start to the last. */
  int[] peopleBySecond() {
    int seconds = (int) (plan.spanMillis() / 1_000) + 1;
    // By user the end of the last session so far, so that nobody is counted twice in a second.
    int[] countedUntil = new int[plan.users().size()];
    int[] people = new int[seconds];
    for (PlannedSession session : plan.sessions()) {
      int from = (int) (session.startMillis() / 1_000);
      int to = (int) ((session.startMillis() + session.holdMillis()) / 1_000);
      for (int second = Math.max(from, countedUntil[session.user()]);
          second <= Math.min(to, seconds - 1);
          second++) {
        people[second]++;
      }
      countedUntil[session.user()] = Math.max(countedUntil[session.user()], to + 1);
    }
    return people;
  }
}
