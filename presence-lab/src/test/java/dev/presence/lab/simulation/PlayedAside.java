package dev.presence.lab.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.presence.lab.simulation.plant.PlantLoader;
import dev.presence.lab.simulation.plant.PlantedBug;
import dev.presence.lab.simulation.plant.PlantedBugs;
import dev.presence.lab.store.Detached;
import dev.presence.lab.store.Orphans;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Plays many seeds, or bugs that are planted, in a process of its own, which takes what processor
 * time others leave: beside tests that wait, and without harm to those that measure time. What is
 * left when somebody waits for it is played by another process, which takes its share.
 */
final class PlayedAside implements AutoCloseable {

  /** Where each session has its own share of the processor, the least is taken for this one. */
  private static final String LEAST =
      "if [ -w /proc/$$/autogroup ]; then echo 19 >/proc/$$/autogroup || { sleep 0.2; echo 19"
          + " >/proc/$$/autogroup; }; fi; exec nice -n 19 \"$@\"";

  static final String HEALTHY = "without the bug ";
  static final String PLANTED = "with the bug ";

  private static final String SEED = "seed";
  private static final String BUG = "bug";
  private static final String PLAYED = "played";

  private static final Path ROOT = Path.of(System.getProperty("presence.root", ".."));

  private final Orphans orphans = new Orphans();
  private final Set<String> missing;
  private final Map<String, List<String>> found = new TreeMap<>();
  private final CompletableFuture<Void> played;
  private Process process;

  private PlayedAside(Collection<String> tasks) throws IOException {
    missing = new LinkedHashSet<>(tasks);
    process = start(List.of("sh", "-c", LEAST, "sh"));
    played = CompletableFuture.runAsync(this::read, task -> new Thread(task).start());
  }

  /** Begins with these seeds; returns at once. */
  static PlayedAside seeds(Collection<Long> seeds) {
    return play(seeds.stream().map(PlayedAside::task).toList());
  }

  /** Begins with these bugs, each with its seed; returns at once. */
  static PlayedAside bugs(List<PlantedBug> bugs) {
    return play(bugs.stream().map(PlayedAside::task).toList());
  }

  private static String task(long seed) {
    return SEED + "\t" + seed;
  }

  private static String task(PlantedBug bug) {
    return BUG + "\t" + PlantedBugs.all().indexOf(bug);
  }

  private static PlayedAside play(List<String> tasks) {
    try {
      return new PlayedAside(tasks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process that takes what others leave. */
  long pid() {
    return process.pid();
  }

  /** Waits until all have been played: what was wrong with this seed. */
  List<String> wrong(long seed) throws IOException {
    return found(task(seed));
  }

  /**
   * Waits until all have been played: the invariants that are broken by the bug's seed, those after
   * {@link #HEALTHY} without the bug, those after {@link #PLANTED} with it.
   */
  List<String> broken(PlantedBug bug) throws IOException {
    return found(task(bug));
  }

  private synchronized List<String> found(String task) throws IOException {
    process.toHandle().destroyForcibly(); // which leaves what it has said to be read
    played.join();
    if (!missing.isEmpty()) {
      System.out.printf("%d are left to play%n", missing.size());
      process = start(List.of());
      read();
    }
    assertThat(missing).as("what was not played").isEmpty();
    return found.getOrDefault(task, List.of("was never to be played"));
  }

  private Process start(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseParallelGC");
    command.add("-Dpresence.root=" + ROOT);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(PlayedAside.class.getName());
    Process started =
        new ProcessBuilder(Detached.command(command))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    orphans.watch(started.pid());
    try (Writer in = started.outputWriter(UTF_8)) {
      for (String task : missing) {
        in.write(task + "\n");
      }
    }
    return started;
  }

  /** Takes down what has been played, until the process has ended. */
  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> words = List.of(line.split("\t", -1));
        if (words.getLast().equals(PLAYED)) {
          String task = words.get(0) + "\t" + words.get(1);
          missing.remove(task);
          found.put(task, words.subList(2, words.size() - 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays what it reads, and prints a line for each: it, what was found, its end. */
  public static void main(String[] args) throws IOException {
    // What servers log of faults that are played to them is no news.
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.OFF);
    }
    List<String> tasks;
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      tasks = in.lines().toList();
    }
    tasks.parallelStream()
        .forEach(
            task -> {
              StringBuilder line = new StringBuilder(task);
              find(task).forEach(what -> line.append('\t').append(what.replaceAll("\\s", " ")));
              System.out.println(line.append('\t').append(PLAYED));
            });
  }

  /** What is found: also that a run failed, which must not hide the others. */
  private static List<String> find(String task) {
    long number = Long.parseLong(task.substring(task.indexOf('\t') + 1));
    try {
      return task.startsWith(BUG)
          ? brokenInvariants(PlantedBugs.all().get((int) number))
          : Simulation.run(number, false).violations().stream().map(Violation::toString).toList();
    } catch (RuntimeException | Error e) {
      return List.of("the run failed: " + e);
    }
  }

  private static List<String> brokenInvariants(PlantedBug bug) {
    PlantLoader planted = PlantLoader.with(bug, ROOT);
    return Stream.concat(
            Simulation.brokenInvariants(bug.seed()).stream().map(HEALTHY::concat),
            planted.brokenInvariants(bug.seed()).stream().map(PLANTED::concat))
        .toList();
  }

  @Override
  public synchronized void close() {
    process.destroyForcibly();
    orphans.close();
  }
}
