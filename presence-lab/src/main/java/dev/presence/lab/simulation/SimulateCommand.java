package dev.presence.lab.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the simulation. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays servers, clients and faults on a simulated clock, and checks what every app is told.",
      "",
      "Each seed decides a few minutes in which people come and go on several servers, while Redis,"
          + " PostgreSQL, the network and the servers themselves fail in all the ways that are"
          + " known. The same seed plays the same, to the letter.",
      ""
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all is right", "1:something is not", "2:wrong arguments"})
public final class SimulateCommand implements Callable<Integer> {

  /** With so many seeds, every fault and every rule must have come up. */
  private static final int SEEDS_FOR_ALL = 500;

  private static final int SEEDS = 100;
  private static final int MAX_REPORTED = 20;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds to play; 100 unless given, or one with --seed.")
  private int seeds;

  @Option(names = "--seed", paramLabel = "S", description = "The first seed, 1 unless given.")
  private long seed = -1;

  @Option(names = "--trace", description = "Tell all that happens, a line each.")
  private boolean trace;

  private final PrintStream out;

  /**
   * A command.
   *
   * @param out where it tells of itself
   */
  public SimulateCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.OFF); // what servers log of faults that are played to them is no news
    }
    int count = seeds > 0 ? seeds : seed >= 0 ? 1 : SEEDS;
    long first = Math.max(1, seed);
    Tally tally = new Tally();
    List<Simulation.Result> failed = new ArrayList<>();
    long startNanos = System.nanoTime();
    long simulatedMillis = play(first, count, tally, failed);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    new TallyReport(out).print(tally);
    out.printf(
        "%,d seeds, %.1f simulated hours in %.1f s: %.2f hours a second, %.0f ms a seed%n",
        count,
        simulatedMillis / 3.6e6,
        seconds,
        simulatedMillis / 3.6e6 / seconds,
        seconds * 1_000 / count);
    tellWrong(failed);
    boolean missing = count >= SEEDS_FOR_ALL && TallyReport.anyMissing(tally);
    if (missing) {
      out.println("presence: something of the above was never exercised");
    }
    out.println(
        failed.isEmpty() ? "all is right" : failed.size() + " of " + count + " seeds are wrong");
    return failed.isEmpty() && !missing ? 0 : 1;
  }

  private long play(long first, int count, Tally tally, List<Simulation.Result> failed)
      throws InterruptedException {
    int cores = Math.min(count, Runtime.getRuntime().availableProcessors());
    long simulatedMillis = 0;
    long lastWordNanos = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      ExecutorCompletionService<Simulation.Result> runs = new ExecutorCompletionService<>(threads);
      int submitted = 0;
      for (int done = 0; done < count; done++) {
        while (submitted < count && submitted < done + 2 * cores) {
          long number = first + submitted++;
          runs.submit(() -> Simulation.run(number, trace));
        }
        Simulation.Result result = take(runs);
        tally.add(result.tally());
        simulatedMillis += result.simulatedMillis();
        result.trace().forEach(out::println);
        if (!result.violations().isEmpty()) {
          failed.add(result);
          if (failed.size() <= MAX_REPORTED) {
            report(result);
          }
        }
        if (System.nanoTime() - lastWordNanos > TimeUnit.SECONDS.toNanos(10)) {
          lastWordNanos = System.nanoTime();
          out.printf("%,d of %,d seeds, %d wrong%n", done + 1, count, failed.size());
        }
      }
    }
    return simulatedMillis;
  }

  private static Simulation.Result take(ExecutorCompletionService<Simulation.Result> runs)
      throws InterruptedException {
    try {
      return runs.take().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run failed", e.getCause());
    }
  }

  /** In how many seeds each invariant was broken, and which they are. */
  private void tellWrong(List<Simulation.Result> failed) {
    Map<String, Set<Long>> seedsByInvariant = new TreeMap<>();
    for (Simulation.Result result : failed) {
      for (Violation violation : result.violations()) {
        seedsByInvariant
            .computeIfAbsent(violation.invariant(), _ -> new TreeSet<>())
            .add(result.seed());
      }
    }
    seedsByInvariant.forEach(
        (invariant, wrong) ->
            out.printf("%s is broken in %d seeds: %s%n", invariant, wrong.size(), wrong));
  }

  private void report(Simulation.Result result) {
    out.println("seed " + result.seed() + " is wrong:");
    result.violations().forEach(violation -> out.println("  " + violation));
    out.println("  replay it with: ./presence simulate --seed " + result.seed() + " --trace");
  }
}
