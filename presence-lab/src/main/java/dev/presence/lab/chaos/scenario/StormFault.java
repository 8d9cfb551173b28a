package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.calm.CalmPeople;
import dev.presence.lab.chaos.calm.CalmPeople.Beats;
import dev.presence.lab.chaos.calm.CalmPeople.Measured;
import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.crowd.Mood;
import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import dev.presence.lab.chaos.stage.Yielding;
import java.time.Duration;

/** Thousands of clients come back at once, and others who are there must not notice. */
final class StormFault {

  private static final int CALM = 200;
  private static final Duration ANSWERED = Duration.ofSeconds(1);
  private static final int BACK_MILLIS = 3_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private StormFault() {}

  static final Scenario STORM =
      Scenario.of(
          "storm",
          "2,000 clients cut at once, and back as soon as they can",
          "heartbeats of 200 others are answered within 1 s (p99)",
          // They share two cores with all servers, so many of them cannot be back in time.
          Limits.STRICT.lenient(Leniency.LATE_RETURNS),
          StormFault::storm);

  private static void storm(Scene scene) throws InterruptedException {
    Crowd crowd = scene.stage().crowd();
    try (CalmPeople calm = scene.stage().calm(CALM);
        Yielding _ = scene.stage().yielding()) {
      scene.say(CALM + " calm people are live");
      scene.pause(Duration.ofSeconds(5));
      Load load = Load.begin(scene.stage());
      calm.begin();
      scene.strike();
      int cut = crowd.cut(1, BACK_MILLIS);
      scene.pauseUntil(Duration.ofMillis(BACK_MILLIS));
      scene.awaitEveryone(PATIENCE);
      crowd.mood(Mood.STILL);
      scene.healed();
      Measured measured = calm.end();
      scene.asked(measured.questions()); // the stage's own share the crowd's little time
      Beats beats = measured.beats();
      scene.note("%d cut, all live after %.1f s, %s".formatted(cut, scene.seconds(), load.since()));
      scene.note(
          "%d of %d heartbeats answered, p50 %.0f ms, p99 %.0f ms, max %.0f ms"
              .formatted(
                  beats.answered(),
                  beats.sent(),
                  beats.p50Micros() / 1e3,
                  beats.p99Micros() / 1e3,
                  beats.maxMicros() / 1e3));
      scene.require(cut > 0, "no connection was cut");
      scene.require(
          beats.p99Micros() <= ANSWERED.toMillis() * 1_000, "heartbeats were answered late");
    }
  }
}
