package dev.presence.lab.replay;

import dev.presence.lab.clients.RunClock;
import dev.presence.lab.clients.WebLibrary;
import dev.presence.lab.clients.WebVenue;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.replay.oracle.Evidence;
import dev.presence.lab.replay.oracle.Oracle;
import dev.presence.lab.replay.oracle.Verdict;
import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plant.Plant;
import dev.presence.lab.replay.stage.People;
import dev.presence.lab.replay.stage.Performance;
import dev.presence.lab.replay.stage.Performance.Outcome;
import dev.presence.lab.replay.stage.Progress;
import dev.presence.lab.replay.stage.Tap;
import dev.presence.lab.replay.stage.Venue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays a chat log through a fleet, and judges. */
public final class Replay {

  /** The servers write the history a moment after the fact. */
  private static final Duration HISTORY_TIMEOUT = Duration.ofSeconds(10);

  private static final long POLL_MILLIS = 100;

  private final Fleet fleet;
  private final @Nullable WebVenue web;
  private final Progress progress;

  private Replay(Fleet fleet, @Nullable WebVenue web, Progress progress) {
    this.fleet = fleet;
    this.web = web;
    this.progress = progress;
  }

  /** A replay on the two servers of a fleet, by the Java library alone. */
  public static Replay direct(Fleet fleet, Progress progress) {
    return new Replay(fleet, null, progress);
  }

  /**
   * A replay through the edge of a fleet of two servers, by both libraries.
   *
   * @param library the one for browsers
   * @param directory for the log of the process in which that runs
   */
  public static Replay throughEdge(
      Fleet fleet, WebLibrary library, Path directory, Progress progress) {
    String origin = "http://" + fleet.edge().address();
    return new Replay(fleet, new WebVenue(library, directory.resolve("web.log"), origin), progress);
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

  /**
   * What came of it.
   *
   * @param plan what was to happen
   * @param outcome what happened
   * @param evidence what was judged by
   * @param verdict what is wrong with what clients were told and with the history
   * @param shortcomings what did not go as planned
   * @param planted the fault that was planted, for people; empty if there was none
   */
  public record Result(
      Plan plan,
      Outcome outcome,
      Evidence evidence,
      Verdict verdict,
      List<String> shortcomings,
      String planted) {

    /** Whether all is right. */
    public boolean right() {
      return verdict.faults().isEmpty() && shortcomings.isEmpty();
    }
  }

  /** Plays and judges. */
  public Result play(Piece piece) throws SQLException, InterruptedException {
    Plan plan = Plan.of(piece.log(), piece.options());
    List<String> ids = plan.users().stream().map(id -> piece.prefix() + id).toList();
    Plant plant = piece.plant() == null ? null : Plant.of(piece.plant(), plan, ids);
    try (Connection connection = fleet.postgres().connect()) {
      History history = new History(connection, ids);
      history.load(plan.contacts());
      RunClock clock = new RunClock();
      Outcome outcome =
          Performance.play(
              plan,
              People.of(ids, plan.contacts()),
              venue(),
              plant == null ? Tap.NONE : plant.tap(),
              clock,
              progress);
      awaitHistory(history);
      List<String> shortcomings = new ArrayList<>(new Conduct(plan, outcome).shortcomings());
      if (plant != null) {
        plant.afterRun(connection, ids);
        if (plant.done().isEmpty()) {
          shortcomings.add("no place was found for a fault to be planted");
        }
      }
      Evidence evidence =
          new Evidence(
              ids,
              plan.contacts(),
              outcome.logs(),
              outcome.checkpoints(),
              history.rows(piece.prefix().isEmpty()),
              clock.originWallMillis());
      return new Result(
          plan,
          outcome,
          evidence,
          Oracle.judge(evidence),
          shortcomings,
          plant == null ? "" : plant.done());
    }
  }

  private void awaitHistory(History history) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + HISTORY_TIMEOUT.toNanos();
    while (history.open() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Venue venue() {
    WebVenue browsers = web;
    if (browsers == null) {
      List<InetSocketAddress> servers =
          fleet.servers().stream().map(server -> loopback(server.port())).toList();
      return Venue.servers(servers, this::serverCpu, fleet.tokens()::user);
    }
    InetSocketAddress edge = loopback(fleet.edge().ports().plain());
    return Venue.edge(edge, browsers, this::serverCpu, fleet.tokens()::user);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Duration serverCpu() {
    return fleet.servers().stream()
        .map(ServerProcess::cpuTime)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
