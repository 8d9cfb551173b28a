package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import dev.presence.lab.chaos.stage.SecondEdge;
import java.time.Duration;

/** What is done to PostgreSQL, to Envoy, and to clients and their networks. */
final class OtherFaults {

  private static final int STORM_MILLIS = 8_000;

  /** Of the clients behind a bad network, each second so many lose their connection: 1 in 20. */
  private static final double RESETS = 0.05;

  private static final double STALLS = 0.03;
  private static final long STALL_MILLIS = 2_000;

  private static final Duration STOPPED = Duration.ofSeconds(5);

  private OtherFaults() {}

  static final Scenario POSTGRES_STOPPED =
      Scenario.of(
          "postgres-stopped",
          "PostgreSQL stopped for 60 s",
          "presence goes on, right within 5 s after; 0 missing, 0 extra rows",
          Limits.STRICT,
          OtherFaults::stopPostgres);

  static final Scenario POSTGRES_KILLED =
      Scenario.of(
          "postgres-killed",
          "PostgreSQL killed -9 under load",
          "presence goes on, right within 5 s after; 0 missing, 0 extra rows",
          Limits.STRICT,
          OtherFaults::killPostgres);

  static final Scenario ONE_ENVOY_KILLED =
      Scenario.of(
          "envoy-of-two",
          "one of two Envoys killed",
          "0 events",
          Limits.STRICT.lenient(Leniency.NONE),
          OtherFaults::killOneEnvoy);

  static final Scenario ONLY_ENVOY_KILLED =
      Scenario.of(
          "envoy-only",
          "the only Envoy killed and restarted",
          "0 events",
          Limits.STRICT.unanswered(),
          OtherFaults::killOnlyEnvoy);

  static final Scenario HALF_CUT =
      Scenario.of(
          "half-cut",
          "half of the clients cut at once",
          "0 false offlines",
          Limits.STRICT,
          scene -> cut(scene, 0.5));

  static final Scenario ALL_BACK =
      Scenario.of(
          "all-cut",
          "all clients cut, and back within 8 s",
          "0 false offlines",
          Limits.STRICT,
          scene -> cut(scene, 1));

  static final Scenario BAD_NETWORK =
      Scenario.of(
          "bad-network",
          "clients behind a bad network for 60 s: stalls of 2 s, a reset each 20 s",
          "0 false offlines",
          Limits.STRICT,
          OtherFaults::badNetwork);

  private static void stopPostgres(Scene scene) throws InterruptedException {
    scene.strike();
    scene.stage().fleet().postgres().stop();
    boolean stopped =
        scene.await(
            STOPPED, () -> !scene.stage().fleet().postgres().isAlive()); // it is reaped late
    scene.require(stopped, "PostgreSQL was not stopped");
    scene.pauseUntil(Duration.ofSeconds(60));
    scene.stage().fleet().postgres().start();
    scene.healed();
  }

  private static void killPostgres(Scene scene) throws InterruptedException {
    scene.strike();
    scene.stage().fleet().postgres().kill();
    scene.require(!scene.stage().fleet().postgres().isAlive(), "PostgreSQL was not killed");
    scene.pause(Duration.ofSeconds(2));
    scene.stage().fleet().postgres().start();
    scene.healed();
    scene.say("PostgreSQL is back, %.1f s later".formatted(scene.seconds()));
  }

  private static void killOneEnvoy(Scene scene) throws InterruptedException {
    SecondEdge second = scene.stage().secondEdge();
    spreadAnew(scene);
    scene.strike();
    second.kill();
    scene.healedAtOnce();
    scene.pauseUntil(Duration.ofSeconds(5));
    scene.require(scene.lostStreams() > 0, "no stream was lost");
    scene.note(scene.lostStreams() + " streams lost");
    second.startAgain();
  }

  /** Those who come back are led to the Envoys that there are now. */
  private static void spreadAnew(Scene scene) throws InterruptedException {
    Crowd crowd = scene.stage().crowd();
    int _ = crowd.cut(1, 2_000);
    scene.pause(Duration.ofSeconds(2));
    scene.awaitEveryone(Duration.ofSeconds(20));
  }

  private static void killOnlyEnvoy(Scene scene) throws InterruptedException {
    if (scene.stage().onlyFirstEdge()) {
      spreadAnew(scene);
    }
    scene.strike();
    scene.stage().fleet().edge().kill();
    scene.pause(Duration.ofSeconds(2));
    scene.stage().fleet().edge().startAgain();
    scene.healed();
    scene.say("Envoy is back, %.1f s later".formatted(scene.seconds()));
    scene.require(scene.lostStreams() > 0, "no stream was lost");
  }

  private static void cut(Scene scene, double share) throws InterruptedException {
    Crowd crowd = scene.stage().crowd();
    Load load = Load.begin(scene.stage());
    scene.strike();
    int cut = crowd.cut(share, STORM_MILLIS);
    scene.require(cut > 0, "no connection was cut");
    scene.pauseUntil(Duration.ofMillis(STORM_MILLIS));
    scene.healed();
    scene.awaitEveryone(Duration.ofSeconds(10));
    scene.note("%d cut, all live after %.1f s, %s".formatted(cut, scene.seconds(), load.since()));
  }

  private static void badNetwork(Scene scene) throws InterruptedException {
    Crowd crowd = scene.stage().crowd();
    scene.strike();
    long reset = 0;
    long stalled = 0;
    for (int second = 1; second <= 60; second++) {
      reset += crowd.reset(RESETS);
      stalled += crowd.stall(STALLS, STALL_MILLIS);
      scene.pauseUntil(Duration.ofSeconds(second));
    }
    scene.healed();
    scene.require(reset > 0 && stalled > 0, "the network was not bad");
    scene.require(scene.lostStreams() > 0, "no stream was lost");
    scene.note("%d resets, %d stalls".formatted(reset, stalled));
  }
}
