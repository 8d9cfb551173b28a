package dev.presence.lab.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.store.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One run of the script {@code ./presence}, as a person starts it. */
final class Script implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("presence.root"));

  private static final List<Integer> PORTS = List.of(8080, 8443, 9101, 9102, 9201, 9202, 9901);
  private static final int LEAST_SHIFT = 2_000;
  private static final int MOST_SHIFT = 20_000;

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  private Script(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * A shift of the ports with which Envoy and both servers find theirs free; below those that the
   * system hands out by itself, which are taken again at any moment.
   */
  static int freeShift() {
    for (int tries = 0; tries < 50; tries++) {
      int shift = ThreadLocalRandom.current().nextInt(LEAST_SHIFT, MOST_SHIFT);
      if (PORTS.stream().allMatch(port -> FreePorts.isFree(port + shift))) {
        return shift;
      }
    }
    throw new AssertionError("no free ports");
  }

  /** Starts {@code ./presence} with these arguments. */
  static Script start(Path directory, Map<String, String> environment, List<String> arguments) {
    try {
      Files.createDirectories(directory);
      Path out = Files.createTempFile(directory, "out", ".txt");
      Path err = Files.createTempFile(directory, "err", ".txt");
      List<String> command = new ArrayList<>(List.of(ROOT.resolve("presence").toString()));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      return new Script(String.join(" ", arguments), builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /** The lines of its standard error, but for those that say what is being made or fetched. */
  List<String> complaints() {
    return err().lines().filter(line -> !line.matches("(building|fetching) .*")).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a line of the output that matches. */
  String awaitLine(Duration timeout, String regex) {
    return Awaitility.await(name + " to print " + regex)
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> line(regex), line -> !line.isEmpty());
  }

  private String line(String regex) {
    String found = out().lines().filter(line -> line.matches(regex)).findFirst().orElse("");
    if (found.isEmpty() && !process.isAlive()) {
      throw new AssertionError(
          name + " ended with " + process.exitValue() + "\n" + out() + "\n" + err());
    }
    return found;
  }

  /** All processes that descend from it, itself not included. */
  Set<Long> descendants() {
    return process.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  /** The child whose command line holds this. */
  ProcessHandle descendant(String part) {
    return process
        .descendants()
        .filter(child -> child.info().commandLine().orElse("").contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no child with " + part));
  }

  void signal(String signal) {
    signal(process.pid(), signal);
  }

  static void signal(long pid, String signal) {
    try {
      assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor())
          .isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Waits for its end; the exit status. */
  int awaitExit(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " goes on after " + timeout + "\n" + out() + "\n" + err());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return process.exitValue();
  }

  static void awaitGone(Set<Long> pids) {
    Awaitility.await("children to be gone")
        .atMost(Duration.ofSeconds(10))
        .until(() -> pids.stream().noneMatch(Script::runs));
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      process.descendants().forEach(ProcessHandle::destroy);
      awaitExit(Duration.ofSeconds(20));
    }
  }
}
