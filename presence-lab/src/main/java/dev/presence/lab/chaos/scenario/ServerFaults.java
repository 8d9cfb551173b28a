package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is done to servers. */
final class ServerFaults {

  /** Lease, grace period, and four seconds. */
  private static final Duration OFFLINE = Duration.ofSeconds(5 + 10 + 4);

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(90);
  private static final double GONE = 0.2;

  private ServerFaults() {}

  static final Scenario KILLED =
      Scenario.of(
          "kill",
          "kill -9 one of three servers",
          "0 false offlines; who has gone is offline within 19 s",
          Limits.STRICT.losesServer().offlineWithin(OFFLINE),
          ServerFaults::kill);

  static final Scenario STOPPED_BRIEFLY =
      Scenario.of(
          "stop-8s",
          "SIGSTOP a server for 8 s",
          "0 false offlines; views right within 5 s after",
          Limits.STRICT.losesServer(),
          scene -> stop(scene, Duration.ofSeconds(8)));

  static final Scenario STOPPED_LONG =
      Scenario.of(
          "stop-40s",
          "SIGSTOP a server for 40 s: it comes back fenced",
          "0 false offlines; views right within 5 s after",
          // What its sockets held is heard when it comes back, and taken for said then.
          Limits.STRICT.losesServer().signsWithin(Duration.ofSeconds(40)),
          scene -> stop(scene, Duration.ofSeconds(40)));

  static final Scenario ROLLING =
      Scenario.of(
          "rolling",
          "rolling restart of all servers by SIGTERM, twice",
          "0 events, 0 errors in apps",
          Limits.STRICT.lenient(Leniency.NONE),
          scene -> restartAll(scene, 2, Duration.ofSeconds(10)));

  static final Scenario ROLLING_ONCE =
      Scenario.of(
          "rolling-once",
          "rolling restart of all servers by SIGTERM",
          "0 events, 0 errors in apps",
          Limits.STRICT.lenient(Leniency.NONE),
          scene -> restartAll(scene, 1, Duration.ofSeconds(1)));

  static final Scenario ALL_KILLED =
      Scenario.of(
          "kill-all",
          "all servers killed -9, then started",
          "everyone back; no row left open after 2 min; last seen ± 10 s",
          Limits.STRICT
              .losesServer()
              .unanswered()
              .lenient(Leniency.NOBODY_LEFT)
              .rowsWithin(Duration.ofSeconds(130)),
          ServerFaults::killAll);

  static final Scenario WRONG_CLOCK =
      Scenario.of(
          "clock",
          "one server's wall clock is 1 h wrong",
          "0 wrong last seen, 0 wrong rows",
          Limits.STRICT,
          ServerFaults::wrongClock);

  private static void kill(Scene scene) throws InterruptedException {
    Fleet fleet = scene.stage().fleet();
    String name = fleet.server(Scene.VICTIM).name();
    long there = scene.stage().crowd().on(name);
    scene.strike();
    int gone =
        scene.stage().crowd().vanishWith(GONE, name, () -> scene.losing(Scene.VICTIM).killHard());
    scene.healedAtOnce();
    scene.say(name + " killed, with " + there + " clients, of whom " + gone + " are gone");
    scene.pauseUntil(Duration.ofSeconds(3));
    scene.require(gone > 0, "nobody vanished with the server");
    scene.require(scene.lostStreams() > 0, "no stream was lost");
    startAgain(scene, List.of(Scene.VICTIM));
  }

  private static void stop(Scene scene, Duration length) throws InterruptedException {
    scene.strike();
    ServerProcess server = scene.losing(Scene.VICTIM);
    server.signal("STOP");
    scene.say(server.name() + " stands still");
    scene.pauseUntil(length.minusSeconds(1));
    scene.require(state(server).equals("T"), "the server did not stand still");
    long there = scene.stage().crowd().on(server.name());
    scene.note("%d clients still on it at the end".formatted(there));
    scene.pauseUntil(length);
    server.signal("CONT");
    scene.healed();
    scene.require(length.toSeconds() < 10 || scene.lostStreams() > 0, "no stream was lost");
  }

  /** What Linux says of a process: T is stopped. */
  private static String state(ServerProcess server) {
    try {
      String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /**
   * Restarts one server after the other.
   *
   * @param ready how long a server is left alone that serves again, as those who deploy do
   */
  private static void restartAll(Scene scene, int times, Duration ready)
      throws InterruptedException {
    Fleet fleet = scene.stage().fleet();
    scene.strike();
    long left = 0;
    for (int i = 0; i < times * fleet.servers().size(); i++) {
      scene.pause(i == 0 ? Duration.ZERO : ready);
      int number = i % fleet.servers().size();
      ServerProcess server = fleet.server(number);
      long before = scene.stage().crowd().on(server.name());
      left += before;
      double begun = scene.seconds();
      server.stop();
      boolean ended = server.hasEnded(DRAIN_TIMEOUT);
      scene.require(ended, server.name() + " did not end after SIGTERM");
      if (ended) {
        int status = server.awaitEnd(DRAIN_TIMEOUT);
        scene.require(status == 0, server.name() + " ended with status " + status);
      }
      scene.say(
          "%s, with %d clients, ended %.1f s after SIGTERM"
              .formatted(server.name(), before, scene.seconds() - begun));
      if (!ended) {
        server.killHard();
      }
      startAgain(scene, List.of(number));
    }
    scene.healed();
    scene.require(left > 0, "no client was on any server");
    scene.note(
        "%d clients had to move, %d streams ended before that"
            .formatted(left, scene.lostStreams()));
  }

  private static void killAll(Scene scene) throws InterruptedException {
    Fleet fleet = scene.stage().fleet();
    scene.strike();
    for (int i = 0; i < fleet.servers().size(); i++) {
      scene.losing(i).killHard();
    }
    scene.say("all killed");
    scene.pause(Duration.ofSeconds(1));
    startAgain(scene, List.of(0, 1, 2).subList(0, fleet.servers().size()));
    scene.healed();
    scene.require(scene.lostStreams() > 0, "no stream was lost");
    scene.awaitEveryone(Duration.ofSeconds(60));
    scene.note("everyone back %.1f s after the kill".formatted(scene.seconds()));
  }

  /** Starts servers that have ended, all at once, and waits until clients are led to them. */
  static void startAgain(Scene scene, List<Integer> numbers) throws InterruptedException {
    Fleet fleet = scene.stage().fleet();
    List<ServerProcess> started =
        numbers.stream().map(number -> fleet.startAgain(number, Map.of())).toList();
    started.forEach(ServerProcess::awaitServing);
    scene.pause(Duration.ofMillis(1_500)); // until Envoy has noticed
    started.forEach(server -> scene.say(server.name() + " serves again"));
  }

  private static void wrongClock(Scene scene) throws InterruptedException {
    Fleet fleet = scene.stage().fleet();
    scene.strike();
    ServerProcess server = fleet.server(Scene.VICTIM);
    server.stop();
    scene.require(server.hasEnded(DRAIN_TIMEOUT), server.name() + " did not end after SIGTERM");
    ServerProcess wrong = fleet.startAgain(Scene.VICTIM, FakeTime.ahead(Duration.ofHours(1)));
    wrong.awaitServing();
    scene.say(wrong.name() + " serves, an hour ahead");
    boolean used =
        scene.await(Duration.ofSeconds(30), () -> scene.stage().crowd().on(wrong.name()) > 5);
    scene.require(used, "no clients came to the server with the wrong clock");
    scene.require(FakeTime.holds(wrong), "the server's clock was not wrong");
    scene.pause(Duration.ofSeconds(20));
    wrong.stop();
    scene.require(wrong.hasEnded(DRAIN_TIMEOUT), wrong.name() + " did not end after SIGTERM");
    startAgain(scene, List.of(Scene.VICTIM));
    scene.healed();
  }
}
