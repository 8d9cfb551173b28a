package dev.presence.lab.chaos;

import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.crowd.Mood;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Footprint;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
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
  private static final Pace PACE =
      new Pace(Duration.ofSeconds(5), Duration.ofSeconds(12), Duration.ofSeconds(6));

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
   * @return whether all was right
   */
  boolean play(Duration length) throws InterruptedException, SQLException {
    long end = System.nanoTime() + length.toNanos();
    boolean right = true;
    int played = 0;
    Footprint early = null;
    long earlyNanos = 0;
    do {
      List<Scenario> scenarios = some();
      for (Outcome outcome : performance.play(scenarios)) {
        new Report(out).print(outcome);
        right &= outcome.right();
        played++;
      }
      if (early == null) {
        early = look();
        earlyNanos = System.nanoTime();
      }
    } while (System.nanoTime() < end);
    Footprint late = look();
    Duration apart = Duration.ofNanos(System.nanoTime() - earlyNanos);
    out.printf(
        "%d faults in %d min; server1 early: %s; %d min later: %s%n",
        played, length.toMinutes(), early, apart.toMinutes(), late);
    if (apart.compareTo(APART) < 0) {
      out.printf(
          "       no leak can be told after %d min: that takes %d%n",
          apart.toMinutes(), APART.toMinutes());
    }
    return holds(early, late) && right;
  }

  private List<Scenario> some() {
    List<Scenario> shuffled = new ArrayList<>(Scenarios.SOAK);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, TOGETHER);
  }

  /** Waits until exactly those are there who are wanted, and looks at the server that stays. */
  private Footprint look() throws InterruptedException {
    Crowd crowd = stage.crowd();
    crowd.wanted(stage.plan().clients());
    crowd.mood(Mood.STILL);
    long deadline = System.nanoTime() + QUIET_TIMEOUT.toNanos();
    while (crowd.census().live() != stage.plan().clients() && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
    Footprint footprint = Footprint.of(stage.fleet().server(0).pid());
    progress.accept("with " + crowd.census().live() + " clients server1 holds " + footprint);
    return footprint;
  }

  private boolean holds(Footprint early, Footprint late) {
    boolean holds =
        late.heapBytes() <= HEAP_GROWTH * early.heapBytes() + HEAP_BYTES
            && late.threads() <= early.threads() + MORE_THREADS
            && late.descriptors() <= early.descriptors() + MORE_DESCRIPTORS;
    if (!holds) {
      out.println("       not right: the server that stayed holds more than it may");
    }
    return holds;
  }
}
