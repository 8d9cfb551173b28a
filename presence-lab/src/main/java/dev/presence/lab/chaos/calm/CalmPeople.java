package dev.presence.lab.chaos.calm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.store.Detached;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process in which people are calm: started, asked and ended from here. */
public final class CalmPeople implements AutoCloseable {

  private static final long STOP_SECONDS = 5;

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private CalmPeople(Process process) {
    this.process = process;
    commands = process.outputWriter(UTF_8);
    answers = process.inputReader(UTF_8);
  }

  /**
   * How beats were answered. One that was not counts with the time that it has waited.
   *
   * @param sent how many were sent
   * @param answered how many were answered
   * @param p50Micros half of the answers took no longer
   * @param p99Micros of a hundred answers 99 took no longer
   * @param maxMicros the longest
   */
  public record Beats(long sent, long answered, long p50Micros, long p99Micros, long maxMicros) {}

  /**
   * Starts it, and waits until all are live.
   *
   * @param edge where they come in, as host and port
   * @param tokens one for each of them
   * @param log where it complains
   */
  public static CalmPeople start(String edge, List<String> tokens, Path log) {
    try {
      Process process =
          new ProcessBuilder(
                  Detached.command(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "--enable-native-access=ALL-UNNAMED",
                      "--sun-misc-unsafe-memory-access=allow",
                      "-cp",
                      System.getProperty("java.class.path"),
                      CalmMain.class.getName(),
                      edge))
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      CalmPeople people = new CalmPeople(process);
      for (String token : tokens) {
        people.commands.write(token + "\n");
      }
      people.tell("go");
      people.expect("live", log);
      return people;
    } catch (IOException e) {
      throw new UncheckedIOException("the process of calm people cannot be started", e);
    }
  }

  private void expect(String word, Path log) throws IOException {
    String said = answers.readLine();
    if (!word.equals(said)) {
      process.destroyForcibly();
      throw new IllegalStateException("the calm people did not come up; log: " + log);
    }
  }

  private void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** Beats from now on are measured. */
  public void begin() {
    try {
      tell("begin");
    } catch (IOException e) {
      throw new UncheckedIOException("the process of calm people has ended", e);
    }
  }

  /** How those were answered that were sent since {@link #begin}. */
  public Beats end() {
    try {
      tell("end");
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the process of calm people has ended");
      }
      String[] numbers = line.split(" ", -1);
      return new Beats(
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]),
          Long.parseLong(numbers[4]));
    } catch (IOException e) {
      throw new UncheckedIOException("the process of calm people has ended", e);
    }
  }

  @Override
  public void close() {
    try {
      commands.close(); // it ends when there are no more commands
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
