package dev.presence.lab.replay;

import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.replay.oracle.Evidence;
import dev.presence.lab.replay.oracle.HistoryRow;
import dev.presence.lab.replay.oracle.Oracle;
import dev.presence.lab.replay.oracle.Verdict;
import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plant.Plant;
import dev.presence.lab.replay.stage.People;
import dev.presence.lab.replay.stage.Performance;
import dev.presence.lab.replay.stage.Performance.Outcome;
import dev.presence.lab.replay.stage.RunClock;
import dev.presence.lab.replay.stage.Tap;
import dev.presence.lab.replay.stage.Venue;
import java.io.Console;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plays a chat log through a fleet, and judges. */
public final class Replay {

  /** The servers write the history a moment after the fact. */
  private static final Duration HISTORY_TIMEOUT = Duration.ofSeconds(10);

  private static final long POLL_MILLIS = 100;

  private final Fleet fleet;
  private final PrintStream out;

  /** A replay on a fleet of two servers, which tells of itself on {@code out}. */
  public Replay(Fleet fleet, PrintStream out) {
    this.fleet = fleet;
    this.out = out;
  }

  /**
   * What to play.
   *
   * @param log the chat log
   * @param options how
   * @param prefix put before each user's id, so that several runs can share a fleet; empty if this
   *     one has the fleet to itself
   * @param plant a fault to be planted, or null
   */
  public record Piece(
      ChatLog log, Plan.Options options, String prefix, Plant.@Nullable Kind plant) {}

  /** Plays and judges; whether all is right. */
  public boolean play(Piece piece) throws SQLException, InterruptedException {
    Plan plan = Plan.of(piece.log(), piece.options());
    List<String> ids = plan.users().stream().map(id -> piece.prefix() + id).toList();
    Plant plant = piece.plant() == null ? null : Plant.of(piece.plant(), plan, ids);
    try (Connection connection = fleet.postgres().connect()) {
      History history = new History(connection, ids);
      history.load(plan.contacts());
      RunClock clock = new RunClock();
      ProgressBar progress = new ProgressBar(out, isTerminal());
      Outcome outcome =
          Performance.play(
              plan,
              People.of(ids, plan.contacts()),
              venue(),
              plant == null ? Tap.NONE : plant.tap(),
              clock,
              progress);
      progress.end();
      awaitHistory(history);
      boolean planted = plant == null || plant(plant, connection, ids);
      List<HistoryRow> rows = history.rows(piece.prefix().isEmpty());
      Verdict verdict = judge(plan, ids, outcome, rows, clock);
      return new Summary(out)
              .print(plan, outcome, verdict, new Conduct(plan, outcome).shortcomings())
          && planted;
    }
  }

  private boolean plant(Plant plant, Connection connection, List<String> ids) throws SQLException {
    plant.afterRun(connection, ids);
    boolean planted = !plant.done().isEmpty();
    out.println(
        planted ? "planted: " + plant.done() : "nothing planted: no place was found for it");
    return planted;
  }

  private static Verdict judge(
      Plan plan, List<String> ids, Outcome outcome, List<HistoryRow> rows, RunClock clock) {
    return Oracle.judge(
        new Evidence(
            ids,
            plan.contacts(),
            outcome.logs(),
            outcome.checkpoints(),
            rows,
            clock.originWallMillis()));
  }

  private void awaitHistory(History history) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + HISTORY_TIMEOUT.toNanos();
    while (history.open() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Venue venue() {
    return new Venue(
        fleet.servers().stream()
            .map(server -> new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
            .toList(),
        () ->
            fleet.servers().stream()
                .map(ServerProcess::cpuTime)
                .reduce(Duration.ZERO, Duration::plus),
        user -> fleet.tokens().user(user));
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
