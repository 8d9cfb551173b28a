package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.RunClock;
import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.clients.WebVenue;
import dev.presence.lab.replay.oracle.Checkpoint;
import dev.presence.lab.replay.oracle.Checkpoint.ClientView;
import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.Checkpoints;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays a plan. Sessions open at their time, or later when too many are opening already; at
 * checkpoints the schedule stands until nothing goes on any more, and every client's view is taken.
 */
public final class Performance {

  /** What happened must have reached everyone after so long. */
  private static final long SETTLE_MICROS = 2_000_000;

  private static final long MAX_CHECKPOINT_MICROS = 15_000_000;

  private static final long TICK_MILLIS = 20;

  /** Nothing opens, ends or is told for so long: something hangs. */
  private static final long HANG_MICROS = 90_000_000;

  private final Plan plan;
  private final Checkpoints planned;
  private final RunClock clock;
  private final Schedule schedule;
  private final Company company;
  private final Progress progress;
  private final List<SessionLog> logs = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private int next;
  private long progressMicros;
  private long progressFinished;

  private Performance(
      Plan plan, People people, Venue venue, Roads roads, RunClock clock, Progress progress) {
    this.plan = plan;
    planned = Checkpoints.of(plan);
    this.clock = clock;
    schedule = new Schedule(clock);
    company = new Company(people, roads, clock, schedule, new Tally(), venue.tokens());
    this.progress = progress;
  }

  /**
   * What a run leaves behind.
   *
   * @param logs what each client did and was told
   * @param checkpoints what clients showed when nothing was going on
   * @param planned which checkpoints there should have been
   * @param tally what was counted
   * @param web whether the web library held some sessions
   * @param peakPeople the most people who were connected at once
   * @param peakSessions the most sessions
   * @param peakDevices the most sessions of one user
   * @param serverCpu what the servers used
   * @param length how long it took
   */
  public record Outcome(
      List<SessionLog> logs,
      List<Checkpoint> checkpoints,
      Checkpoints planned,
      Tally tally,
      boolean web,
      int peakPeople,
      int peakSessions,
      int peakDevices,
      Duration serverCpu,
      Duration length) {}

  /** Plays a plan to its end, the last grace period included. */
  public static Outcome play(
      Plan plan, People people, Venue venue, Tap tap, RunClock clock, Progress progress)
      throws InterruptedException {
    Duration cpuBefore = venue.serverCpu().get();
    long begun = clock.micros();
    WebVenue web = venue.web();
    try (Links links = new Links(venue.doors(), venue.connections());
        WebCompany webCompany = web == null ? null : WebCompany.start(web, clock)) {
      links.connect();
      Roads roads = new Roads(links, tap, webCompany);
      Performance performance = new Performance(plan, people, venue, roads, clock, progress);
      performance.play();
      Attendance attendance = performance.company.attendance();
      return new Outcome(
          List.copyOf(performance.logs),
          List.copyOf(performance.checkpoints),
          performance.planned,
          performance.company.tally(),
          web != null,
          attendance.peakPeople(),
          attendance.peakSessions(),
          attendance.peakDevices(),
          venue.serverCpu().get().minus(cpuBefore),
          Duration.ofNanos((clock.micros() - begun) * 1_000));
    }
  }

  private void play() throws InterruptedException {
    while (company.tally().finished() < plan.sessions().size()) {
      open();
      if (checkpointIsDue()) {
        checkpoint();
      }
      schedule.runDue(patienceMillis());
      watch();
      report("playing");
    }
    while (clock.micros() < company.truthUntilMicros() + SETTLE_MICROS) {
      schedule.runDue(TICK_MILLIS);
      report("waiting for the last grace periods");
    }
  }

  private void open() {
    while (nextIsDue() && company.pacer().mayOpen()) {
      PlannedSession session = plan.sessions().get(next++);
      company.tally().slip(schedule.micros() - session.startMillis() * 1_000);
      company.tally().opened.incrementAndGet();
      Player player = new Player(company, session);
      logs.add(player.log);
      player.open();
    }
  }

  private boolean nextIsDue() {
    return next < plan.sessions().size()
        && schedule.micros() >= plan.sessions().get(next).startMillis() * 1_000;
  }

  private long patienceMillis() {
    if (next == plan.sessions().size()) {
      return TICK_MILLIS;
    }
    long dueMillis = plan.sessions().get(next).startMillis() - schedule.micros() / 1_000;
    return Math.clamp(dueMillis, 1, TICK_MILLIS);
  }

  private boolean checkpointIsDue() {
    return checkpoints.size() < planned.timesMillis().size()
        && schedule.micros() >= planned.timesMillis().get(checkpoints.size()) * 1_000
        && (company.attendance().people() >= planned.minPeople()
            || next == plan.sessions().size()); // there will not be more people
  }

  private void checkpoint() throws InterruptedException {
    schedule.stop();
    long begun = clock.micros();
    int people = company.attendance().people();
    while (!quiet() && clock.micros() < begun + MAX_CHECKPOINT_MICROS) {
      Thread.sleep(TICK_MILLIS);
      report("checkpoint " + (checkpoints.size() + 1));
    }
    long now = clock.micros();
    List<ClientView> views = new ArrayList<>();
    for (Player player : company.attendance().players()) {
      views.add(new ClientView(player.log, player.log.views().view()));
    }
    checkpoints.add(new Checkpoint(checkpoints.size() + 1, now, people, List.copyOf(views)));
    schedule.goOn();
  }

  /** Everybody is back or has been given up, and all had time to be told. */
  private boolean quiet() {
    return company.pacer().opening() == 0
        && company.away() == 0
        && clock.micros() >= company.truthUntilMicros() + SETTLE_MICROS;
  }

  private void watch() {
    WebCompany web = company.roads().web();
    if (web != null) {
      web.check();
    }
    long moved = company.tally().finished() + company.tally().opened();
    if (moved != progressFinished) {
      progressFinished = moved;
      progressMicros = clock.micros();
    } else if (clock.micros() - progressMicros > HANG_MICROS) {
      throw new IllegalStateException(
          "%d sessions wait for a hello, and nothing has moved for %d s"
              .formatted(company.pacer().opening() + company.away(), HANG_MICROS / 1_000_000));
    }
  }

  private void report(String phase) {
    progress.show(
        new Progress.Moment(
            phase,
            company.tally().finished(),
            plan.sessions().size(),
            company.attendance().people(),
            company.attendance().sessions(),
            checkpoints.size()));
  }
}
