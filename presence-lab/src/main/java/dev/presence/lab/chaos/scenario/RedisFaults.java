package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import dev.presence.lab.chaos.stage.RedisUnderChaos;
import dev.presence.lab.chaos.stage.RedisUnderChaos.Failover;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.tcp.Line;
import java.time.Duration;

/** What is done to Redis, and to the way there. */
final class RedisFaults {

  private static final Duration MINUTE = Duration.ofSeconds(60);

  private RedisFaults() {}

  static final Scenario EMPTIED =
      Scenario.ofRedis(
          "redis-emptied",
          "Redis killed and restarted empty",
          "0 false events; all right within 5 s after it answers",
          Limits.STRICT.lenient(Leniency.NO_NEWS),
          RedisFaults::empty);

  static final Scenario FLUSHED =
      Scenario.ofRedis(
          "redis-flushed",
          "FLUSHALL under load",
          "0 false events; all right within 5 s",
          Limits.STRICT,
          RedisFaults::flush);

  static final Scenario PROMOTED =
      Scenario.ofRedis(
          "redis-promoted",
          "Redis master lost, a replica promoted that lacks the last second of writes",
          "0 false events; all right within 5 s after the promotion",
          Limits.STRICT.lenient(Leniency.NO_NEWS),
          RedisFaults::promote);

  static final Scenario SUBSCRIBERS_KILLED =
      Scenario.ofRedis(
          "subscribers-killed",
          "all subscriber connections killed each second for 20 s",
          "0 wrong views 5 s after",
          Limits.STRICT,
          RedisFaults::killSubscribers);

  static final Scenario MESSAGES_SWALLOWED =
      Scenario.ofRedis(
          "messages-swallowed",
          "topic messages swallowed for 20 s",
          "0 wrong views 5 s after",
          Limits.STRICT,
          RedisFaults::swallow);

  static final Scenario CUT_BRIEFLY =
      Scenario.ofRedis(
          "cut-5s",
          "one server cut from Redis for 5 s",
          "nothing",
          Limits.STRICT,
          RedisFaults::cutBriefly);

  static final Scenario CUT_LONG =
      Scenario.ofRedis(
          "cut-60s",
          "one server cut from Redis for 60 s",
          "its clients moved within lease + 5 s, 0 false offlines",
          Limits.STRICT.losesServer(),
          RedisFaults::cutLong);

  static final Scenario ALL_CUT =
      Scenario.ofRedis(
          "cut-all-60s",
          "all servers cut from Redis for 60 s",
          "stale told; 0 false events; right within 5 s after",
          Limits.STRICT.lenient(Leniency.NO_NEWS),
          RedisFaults::cutAll);

  static final Scenario SLOT_MOVED =
      Scenario.ofRedis(
          "slot-moved", "a slot migrated live", "0 false events", Limits.STRICT, RedisFaults::move);

  private static void empty(Scene scene) throws InterruptedException {
    RedisUnderChaos redis = scene.stage().redis();
    long before = redis.commands();
    scene.strike();
    redis.kill();
    scene.pause(Duration.ofMillis(500));
    redis.startEmpty();
    scene.healed();
    scene.say("Redis is back, %.1f s later, empty".formatted(scene.seconds()));
    // Another process counts from zero.
    scene.require(redis.commands() < before, "Redis was not restarted");
  }

  private static void flush(Scene scene) throws InterruptedException {
    scene.strike();
    scene.stage().redis().flush();
    scene.healed();
    scene.pause(Duration.ofSeconds(1));
  }

  private static void promote(Scene scene) throws InterruptedException {
    Failover failover = scene.stage().redis().failover();
    failover.prepare();
    scene.strike();
    failover.holdReplication();
    scene.pause(Duration.ofSeconds(1));
    long lost = failover.missed();
    failover.killMaster();
    scene.healed();
    scene.say("a replica has taken over after %.1f s".formatted(scene.seconds()));
    scene.require(lost > 0, "nothing was written in the second that was lost");
    scene.note("%d bytes of changes lost".formatted(lost));
    failover.mend();
  }

  private static void killSubscribers(Scene scene) throws InterruptedException {
    scene.strike();
    long killed = 0;
    for (int second = 1; second <= 20; second++) {
      killed += scene.stage().redis().killSubscribers();
      scene.pauseUntil(Duration.ofSeconds(second));
    }
    scene.healed();
    scene.require(killed > 0, "no subscriber was killed");
    scene.note(killed + " connections killed");
  }

  private static void swallow(Scene scene) throws InterruptedException {
    long before = scene.stage().roads().hush().swallowed();
    scene.strike();
    scene.stage().roads().hush().silent(true);
    scene.pauseUntil(Duration.ofSeconds(20));
    scene.stage().roads().hush().silent(false);
    scene.healed();
    long swallowed = scene.stage().roads().hush().swallowed() - before;
    scene.require(swallowed > 0, "no message was lost");
    scene.note(swallowed + " messages swallowed");
  }

  private static void cutBriefly(Scene scene) throws InterruptedException {
    scene.strike();
    int stalled = scene.stage().roads().of(Scene.VICTIM).stream().mapToInt(Line::stall).sum();
    scene.pauseUntil(Duration.ofSeconds(5));
    scene.stage().roads().of(Scene.VICTIM).forEach(Line::mend);
    scene.healed();
    scene.require(stalled > 0, "no connection was cut");
  }

  private static void cutLong(Scene scene) throws InterruptedException {
    ServerProcess server = scene.losing(Scene.VICTIM);
    long there = scene.stage().crowd().on(server.name());
    scene.strike();
    int cut = scene.stage().roads().of(Scene.VICTIM).stream().mapToInt(Line::cut).sum();
    scene.say("%s is cut off, with %d clients".formatted(server.name(), there));
    boolean moved =
        scene.await(Duration.ofSeconds(10), () -> scene.stage().crowd().on(server.name()) == 0);
    scene.note("clients moved after %.1f s".formatted(scene.seconds()));
    scene.require(
        moved,
        "%d clients were still on it after lease + 5 s"
            .formatted(scene.stage().crowd().on(server.name())));
    scene.pauseUntil(MINUTE);
    scene.stage().roads().of(Scene.VICTIM).forEach(Line::mend);
    scene.healed();
    scene.require(cut > 0, "no connection was cut");
    scene.require(there > 0, "nobody was on it");
  }

  private static void cutAll(Scene scene) throws InterruptedException {
    scene.strike();
    long from = scene.now();
    int cut = scene.stage().roads().all().stream().mapToInt(Line::cut).sum();
    scene.pauseUntil(MINUTE);
    long stale = scene.stage().questions().between(from, scene.now()).stale();
    scene.stage().roads().all().forEach(Line::mend);
    scene.healed();
    scene.require(cut > 0, "no connection was cut");
    scene.require(stale > 0, "no answer said that it is stale");
  }

  private static void move(Scene scene) {
    scene.strike();
    int keys = scene.stage().redis().moveSlots();
    scene.healed();
    scene.require(keys > 0, "no key moved");
    scene.note(keys + " keys moved");
  }
}
