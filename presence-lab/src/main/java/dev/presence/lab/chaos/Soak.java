package dev.presence.lab.chaos;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.crowd.Mood;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Footprint;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import dev.presence.lab.fleet.ServerProcess;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Mixed chaos for a long time, by lot. One server is never killed: what it holds at the end, when
 * everything is quiet, is compared with what it held early on, with as many clients.
 */
final class Soak {

  /** So many faults are judged together. */
  private static final int TOGETHER = 4;

  private static final double HEAP_GROWTH = 1.1;
  private static final long HEAP_BYTES = 8_000_000;
  private static final long MORE_THREADS = 10;
  private static final long MORE_DESCRIPTORS = 10;

  /** Less than that between two looks would prove nothing. */
  private static final Duration APART = Duration.ofMinutes(20);

  private static final Duration QUIET_TIMEOUT = Duration.ofSeconds(60);

  /** By then tombstones, which are kept for 30 s, are forgotten. */
  private static final Duration QUIET = Duration.ofSeconds(45);

  /** Of a server's clients: more or fewer would be another load. */
  private static final double SAME_LOAD = 0.15;

  /**
   * Redis may be emptied just when a server has died: then it takes its history up to three minutes
   * to be finished, by what PostgreSQL alone knows.
   */
  private static final Duration HISTORY = Duration.ofSeconds(200);

  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(5),
          Duration.ofSeconds(12),
          Duration.ofSeconds(6),
          true,
          HISTORY,
          false);

  private final Stage stage;
  private final Performance performance;
  private final PrintStream out;
  private final Consumer<String> progress;
  private final Random random;

  Soak(Stage stage, Machine machine, PrintStream out, Consumer<String> progress) {
    this.stage = stage;
    this.out = out;
    this.progress = progress;
    performance = new Performance(stage, machine, PACE, progress);
    random = new Random(stage.plan().seed());
  }

  /**
   * Plays until the time is over.
   *
   * @return what came of it all
   */
  Outcome play(Duration length) throws InterruptedException, SQLException {
    long end = System.nanoTime() + length.toNanos();
    List<Outcome> outcomes = new ArrayList<>();
    Look early = null;
    long earlyNanos = 0;
    do {
      List<Scenario> scenarios = some();
      for (Outcome outcome : performance.play(scenarios)) {
        new Report(out).print(outcome);
        outcomes.add(outcome);
      }
      if (early == null) {
        early = look();
        earlyNanos = System.nanoTime();
      }
    } while (System.nanoTime() < end);
    Look late = look();
    Duration apart = Duration.ofNanos(System.nanoTime() - earlyNanos);
    String figures =
        "%d faults in %d min; the server that stays early: %s; %d min later: %s"
            .formatted(outcomes.size(), length.toMinutes(), early, apart.toMinutes(), late);
    Outcome all = Outcome.together(Scenarios.SOAKED, outcomes, List.of(figures));
    Outcome whole = all.with(holds(early, late, apart));
    new Report(out).print(whole);
    return whole;
  }

  private List<Scenario> some() {
    List<Scenario> shuffled = new ArrayList<>(Scenarios.SOAK);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, TOGETHER);
  }

  /** The server that stays, at a quiet moment. */
  private record Look(long pid, int live, long clients, Footprint footprint) {
    @Override
    public String toString() {
      return footprint + ", " + clients + " clients";
    }
  }

  /**
   * Waits until exactly those are there who are wanted, spread anew over all servers, and looks at
   * the server that stays.
   */
  private Look look() throws InterruptedException {
    Crowd crowd = stage.crowd();
    crowd.wanted(stage.plan().clients());
    crowd.mood(Mood.STILL);
    awaitAll(crowd);
    int _ = crowd.cut(1, 2_000);
    Thread.sleep(2_000);
    awaitAll(crowd);
    Thread.sleep(QUIET.toMillis());
    ServerProcess stayed = stage.fleet().server(0);
    Look look =
        new Look(
            stayed.pid(),
            crowd.census().live(),
            crowd.on(stayed.name()),
            Footprint.of(stayed.pid()));
    progress.accept("with " + look.live + " clients in all " + stayed.name() + " holds " + look);
    return look;
  }

  private void awaitAll(Crowd crowd) throws InterruptedException {
    long deadline = System.nanoTime() + QUIET_TIMEOUT.toNanos();
    while (crowd.census().live() != stage.plan().clients() && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
  }

  /** What is not as it must be of what the server that stayed holds. */
  private List<String> holds(Look early, Look late, Duration apart) {
    List<String> wrong = new ArrayList<>();
    for (Look look : List.of(early, late)) {
      if (look.live != stage.plan().clients()) {
        wrong.add("%d clients were there, not %d".formatted(look.live, stage.plan().clients()));
      }
    }
    if (early.pid != late.pid) {
      wrong.add("the server that was to stay was started anew");
    }
    if (Math.abs(late.clients - early.clients) > SAME_LOAD * early.clients) {
      wrong.add(
          "the server that stayed had %d clients, then %d".formatted(early.clients, late.clients));
    }
    wrong.addAll(holds(early.footprint, late.footprint, apart));
    return wrong;
  }

  private static List<String> holds(Footprint early, Footprint late, Duration apart) {
    if (apart.compareTo(APART) < 0) {
      return List.of(
          "no leak can be told after %d min: that takes %d"
              .formatted(apart.toMinutes(), APART.toMinutes()));
    }
    boolean holds =
        late.heapBytes() <= HEAP_GROWTH * early.heapBytes() + HEAP_BYTES
            && late.threads() <= early.threads() + MORE_THREADS
            && late.descriptors() <= early.descriptors() + MORE_DESCRIPTORS;
    return holds ? List.of() : List.of("the server that stayed holds more than it may");
  }
}
