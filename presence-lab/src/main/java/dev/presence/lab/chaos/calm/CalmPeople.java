package dev.presence.lab.chaos.calm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.chaos.calm.Questions.Success;
import dev.presence.lab.store.Detached;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process in which people are calm, and a service asks: started, asked and ended from here. */
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
   * All that was measured.
   *
   * @param beats of the people
   * @param questions of the service; of those that failed some are told of
   */
  public record Measured(Beats beats, Success questions) {}

  /**
   * Starts it, and waits until all are live.
   *
   * @param edge where they come in, as host and port
   * @param service the token of a service that asks
   * @param users about whom it asks
   * @param tokens one for each of the people
   * @param log where it complains
   */
  public static CalmPeople start(
      String edge, String service, List<String> users, List<String> tokens, Path log) {
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
      people.commands.write(service + "\n" + String.join(" ", users) + "\n");
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

  /** From now on it is measured. */
  public void begin() {
    try {
      tell("begin");
    } catch (IOException e) {
      throw new UncheckedIOException("the process of calm people has ended", e);
    }
  }

  /** How all that was answered that was sent since {@link #begin}. */
  public Measured end() {
    try {
      tell("end");
      long[] beats = numbers();
      long[] questions = numbers();
      List<String> failures = new ArrayList<>();
      for (long left = numbers()[0]; left > 0; left--) {
        failures.add(line());
      }
      return new Measured(
          new Beats(beats[0], beats[1], beats[2], beats[3], beats[4]),
          new Success(questions[0], questions[1], questions[2], questions[3], failures));
    } catch (IOException e) {
      throw new UncheckedIOException("the process of calm people has ended", e);
    }
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("the process of calm people has ended");
    }
    return line;
  }

  private long[] numbers() throws IOException {
    return Arrays.stream(line().split(" ", -1)).mapToLong(Long::parseLong).toArray();
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
