package dev.presence.lab.chaos.scenario;

import dev.presence.lab.chaos.calm.Questions.Success;
import dev.presence.lab.chaos.crowd.Mood;
import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.chaos.oracle.Deed;
import dev.presence.lab.chaos.oracle.Trouble;
import dev.presence.lab.chaos.stage.Stage;
import dev.presence.lab.fleet.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One scenario as it is played: when it strikes and heals, and whether it really happened. */
public final class Scene {

  /** To which server things are done; the first one lives through most of it. */
  static final int VICTIM = 1;

  private static final long POLL_MILLIS = 50;

  private final Scenario scenario;
  private final Stage stage;
  private final Consumer<String> progress;
  private final Map<String, Long> lost = new LinkedHashMap<>();
  private final List<String> shortcomings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long fromMicros = -1;
  private long healedMicros = -1;
  private @Nullable Success asked;

  /**
   * One that is about to be played.
   *
   * @param progress who is told of each step, in a few words
   */
  public Scene(Scenario scenario, Stage stage, Consumer<String> progress) {
    this.scenario = scenario;
    this.stage = stage;
    this.progress = progress;
  }

  /** Plays it. */
  public void play() throws InterruptedException {
    scenario.fault().inflict(this);
    if (healedMicros < 0) {
      throw new IllegalStateException(scenario.name() + " never ended");
    }
  }

  Stage stage() {
    return stage;
  }

  /** Tells of a step. */
  void say(String step) {
    progress.accept(step);
  }

  /** The fault begins now. */
  void strike() {
    fromMicros = now();
  }

  /** From now on this server, from 0, may be taken for lost. */
  ServerProcess losing(int server) {
    ServerProcess process = stage.fleet().server(server);
    lost.putIfAbsent(process.name(), now());
    return process;
  }

  /** The fault is over now. */
  void healed() {
    healedMicros = now();
  }

  /** Where the fault is an instant, it is over when it begins. */
  void healedAtOnce() {
    healedMicros = fromMicros;
  }

  /** What must be so for the fault to have happened, or the promise to have held. */
  void require(boolean so, String otherwise) {
    if (!so) {
      shortcomings.add(otherwise);
    }
  }

  /** A figure for the table. */
  void note(String figure) {
    notes.add(figure);
  }

  /** How questions were answered that others asked than the stage does, and which count. */
  void asked(Success elsewhere) {
    asked = elsewhere;
  }

  /** Microseconds on the clock of the run. */
  long now() {
    return stage.clock().micros();
  }

  void pause(Duration length) throws InterruptedException {
    Thread.sleep(length.toMillis());
  }

  /** Waits until so much time has passed since the fault began. */
  void pauseUntil(Duration sinceStrike) throws InterruptedException {
    long left = fromMicros + sinceStrike.toMillis() * 1_000 - now();
    Thread.sleep(Math.max(0, left / 1_000));
  }

  /** Waits for something, at most so long; says whether it came. */
  boolean await(Duration timeout, BooleanSupplier there) throws InterruptedException {
    long deadline = now() + timeout.toMillis() * 1_000;
    while (!there.getAsBoolean()) {
      if (now() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  /**
   * Waits until all clients are live, as must be. Nobody is cut meanwhile, or somebody would always
   * be missing.
   */
  void awaitEveryone(Duration timeout) throws InterruptedException {
    stage.crowd().mood(Mood.STILL);
    boolean back = await(timeout, () -> stage.crowd().census().everyoneIsBack());
    require(back, "not everyone was back in %s: %s".formatted(timeout, stage.crowd().census()));
    stage.crowd().mood(Mood.LIVELY);
  }

  /** How many streams have ended since the fault began that their clients did not end. */
  long lostStreams() {
    long count = 0;
    for (ClientLog log : stage.crowd().entrance().logs()) {
      count += log.count(Deed.LOST, fromMicros);
    }
    return count;
  }

  /** Seconds since the fault began. */
  double seconds() {
    return (now() - fromMicros) / 1e6;
  }

  /** The fault, for those who judge. */
  public Trouble trouble() {
    Limits limits = scenario.limits();
    return new Trouble(
        scenario.name(),
        fromMicros,
        healedMicros,
        limits.right().toMillis() * 1_000,
        lost,
        limits.signs().toMillis(),
        limits.leniency());
  }

  /** How questions were answered, where those of the stage do not count. */
  public Optional<Success> asked() {
    return Optional.ofNullable(asked);
  }

  /** Which one it is. */
  public Scenario scenario() {
    return scenario;
  }

  /** Why it proves nothing, or what else was not as it must be; empty if all was. */
  public List<String> shortcomings() {
    return List.copyOf(shortcomings);
  }

  /** Figures for the table. */
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
