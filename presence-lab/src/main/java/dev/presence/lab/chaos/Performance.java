package dev.presence.lab.chaos;

import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.crowd.Mood;
import dev.presence.lab.chaos.oracle.Chronicle;
import dev.presence.lab.chaos.oracle.Evidence;
import dev.presence.lab.chaos.oracle.Finding;
import dev.presence.lab.chaos.oracle.Judge;
import dev.presence.lab.chaos.oracle.Trouble;
import dev.presence.lab.chaos.oracle.Verdict;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scene;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Plays scenarios on a stage, one after the other, and judges each. */
public final class Performance {

  private static final Duration ARRIVAL = Duration.ofMinutes(2);
  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final Duration REHEARSAL = Duration.ofMinutes(2);
  private static final int REHEARSAL_BACK_MILLIS = 3_000;
  private static final long POLL_MILLIS = 100;

  private static final int CHRONICLED = 12;
  private static final double WEB_SHARE = 0.2;

  /** So many of those who are wanted are there when a fault strikes; others are just away. */
  private static final double THERE = 0.92;

  private final Stage stage;
  private final Machine machine;
  private final Pace pace;
  private final Consumer<String> progress;

  /** All faults there ever were on this stage. */
  private final List<Trouble> troubles = new ArrayList<>();

  /** Rows of sessions that had ended by then have been judged. */
  private long rowsJudgedMicros = Long.MIN_VALUE;

  /**
   * How long the parts of a performance take.
   *
   * @param before from the moment on at which the crowd is there to the first fault
   * @param between from one fault to the next, where several are judged together
   * @param after from the last fault on the crowd is lively for so long
   * @param lively whether people come and go all the while
   * @param history for how long after the last fault the history may be wrong, if that is longer
   *     than any of the faults allows by itself
   * @param rehearsed all are cut and come back once before that, which is not judged: servers that
   *     were started a minute ago would else spend more time on compiling what they do than on
   *     doing it
   */
  public record Pace(
      Duration before,
      Duration between,
      Duration after,
      boolean lively,
      Duration history,
      boolean rehearsed) {

    /** One without rehearsal that gives the history no more time than each fault does. */
    public Pace(Duration before, Duration between, Duration after, boolean lively) {
      this(before, between, after, lively, Duration.ZERO, false);
    }

    /**
     * For scenarios that are judged one by one: who vanished in one has been missed before the
     * next.
     */
    public static final Pace FULL =
        new Pace(Duration.ofSeconds(11), Duration.ZERO, Duration.ofSeconds(6), true);

    /** For so many that the storm is all that two cores can bear. */
    static final Pace STORM =
        new Pace(
            Duration.ofSeconds(20),
            Duration.ZERO,
            Duration.ofSeconds(6),
            false,
            Duration.ZERO,
            true);

    private Mood mood(Mood wanted) {
      return lively ? wanted : Mood.STILL;
    }
  }

  /**
   * One to be.
   *
   * @param progress who is told of each step, in a few words
   */
  public Performance(Stage stage, Machine machine, Pace pace, Consumer<String> progress) {
    this.stage = stage;
    this.machine = machine;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Plays scenarios one after the other, and judges them together when all is over: of what is
   * found wrong, each has what came after it and before the next.
   */
  public List<Outcome> play(List<Scenario> scenarios) throws InterruptedException, SQLException {
    Crowd crowd = stage.crowd();
    arrive(crowd);
    if (pace.rehearsed) {
      rehearse(crowd);
    }
    Thread.sleep(pace.before.toMillis());
    // What was while all came at once, to servers that had just begun, is not judged.
    long since = stage.clock().micros();
    String _ = machine.since();
    List<Scene> scenes = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      if (!scenes.isEmpty()) {
        Thread.sleep(pace.between.toMillis());
      }
      progress.accept(scenario.name() + ": " + scenario.what());
      Scene scene = new Scene(scenario, stage, progress);
      scene.play();
      scenes.add(scene);
      troubles.add(scene.trouble());
    }
    return judge(crowd, scenes, since);
  }

  private void arrive(Crowd crowd) throws InterruptedException {
    int wanted = stage.plan().clients();
    crowd.wanted(wanted);
    crowd.mood(Mood.STILL); // else thousands would go as fast as they come
    progress.accept("waiting for " + wanted + " clients");
    await(ARRIVAL, crowd, wanted * THERE);
    crowd.mood(pace.mood(Mood.LIVELY));
  }

  private void rehearse(Crowd crowd) throws InterruptedException {
    progress.accept("a rehearsal");
    int cut = crowd.cut(1, REHEARSAL_BACK_MILLIS);
    Thread.sleep(REHEARSAL_BACK_MILLIS);
    await(REHEARSAL, crowd, cut * THERE);
    progress.accept("over: " + cut + " were cut");
    rowsJudgedMicros = stage.clock().micros();
  }

  private void await(Duration timeout, Crowd crowd, double live) throws InterruptedException {
    long deadline = stage.clock().micros() + timeout.toMillis() * 1_000;
    while (crowd.census().live() < live) {
      stage.check();
      if (stage.clock().micros() > deadline) {
        throw new IllegalStateException(
            "the clients do not come: after %d s %s"
                .formatted(timeout.toSeconds(), crowd.census()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private List<Outcome> judge(Crowd crowd, List<Scene> scenes, long since)
      throws InterruptedException, SQLException {
    crowd.mood(pace.mood(Mood.FAITHFUL));
    Thread.sleep(pace.after.toMillis());
    crowd.mood(Mood.STILL);
    crowd.wanted(0); // whoever has gone is not replaced
    progress.accept("waiting for verdicts");
    List<String> unsettled = new ArrayList<>(settle(crowd));
    awaitVerdicts(scenes);
    stage.check();
    long until = stage.clock().micros();
    double web = crowd.entrance().webShare(since);
    if (web < WEB_SHARE) {
      unsettled.add("the web library held but %.0f %% of the clients".formatted(100 * web));
    }
    String load = machine.since();
    progress.accept("judging");
    Evidence evidence = evidence(scenes, since, until);
    Verdict verdict = Judge.judge(evidence);
    rowsJudgedMicros = until;
    if (!verdict.findings().isEmpty()) {
      tellMore(evidence, verdict);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < scenes.size(); i++) {
      boolean last = i == scenes.size() - 1;
      long from = i == 0 ? Long.MIN_VALUE : scenes.get(i).trouble().fromMicros();
      long to = last ? Long.MAX_VALUE : scenes.get(i + 1).trouble().fromMicros();
      Outcome outcome = Outcome.of(scenes.get(i), verdict, stage.questions(), from, to, last);
      outcomes.add(last ? outcome.with(unsettled) : outcome);
    }
    progress.accept(load);
    return outcomes;
  }

  /** For those who look for the reason. */
  private void tellMore(Evidence evidence, Verdict verdict) {
    Path file = stage.plan().directory().resolve("clients.log");
    try {
      Files.write(file, Chronicle.of(evidence, verdict.findings(), CHRONICLED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.accept("what clients wrote down of it is in " + file);
  }

  /** Waits until all who want to be there are. */
  private List<String> settle(Crowd crowd) throws InterruptedException {
    long deadline = stage.clock().micros() + SETTLING.toMillis() * 1_000;
    while (!crowd.census().everyoneIsBack()) {
      if (stage.clock().micros() > deadline) {
        return List.of("not everyone was live in the end: " + crowd.census());
      }
      Thread.sleep(POLL_MILLIS);
    }
    return List.of();
  }

  private void awaitVerdicts(List<Scene> scenes) throws InterruptedException {
    for (Scene scene : scenes) {
      long watched =
          scene.trouble().healedMicros() + scene.scenario().limits().watch().toMillis() * 1_000;
      Thread.sleep(Math.max(0, (watched - stage.clock().micros()) / 1_000));
    }
  }

  private long historyMillis(Scene scene) {
    return Math.max(scene.scenario().limits().rows().toMillis(), pace.history.toMillis());
  }

  /** Waits until the history is right, or had all the time that it may take. */
  private Evidence evidence(List<Scene> scenes, long since, long until)
      throws InterruptedException, SQLException {
    long patience =
        scenes.stream()
            .mapToLong(scene -> scene.trouble().healedMicros() + 1_000 * historyMillis(scene))
            .max()
            .orElse(until);
    long deadline = Math.max(until, patience) + 5_000_000;
    while (true) {
      Evidence evidence =
          new Evidence(
              stage.circle().ids(),
              stage.circle().contacts(),
              stage.crowd().entrance().logs(),
              List.copyOf(troubles),
              stage.rows(),
              since,
              rowsJudgedMicros,
              until,
              stage.clock().originWallMillis());
      List<Finding> wrong = Judge.rows(evidence);
      if (wrong.isEmpty() || stage.clock().micros() > deadline) {
        return evidence;
      }
      Thread.sleep(1_000);
    }
  }
}
