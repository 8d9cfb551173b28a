package dev.presence.lab.store;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

/** One process of redis-server on the loopback: a Redis in memory only, or a Sentinel. */
public final class RedisNode implements AutoCloseable {

  private static @Nullable File executable;

  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private final String id;
  private final int port;
  private final Path directory;
  private final Orphans orphans;
  private List<String> options;
  private @Nullable Process process;

  /** One that does not run yet. {@code options} are redis-server's, as on its command line. */
  RedisNode(String id, int port, Path directory, Orphans orphans, List<String> options) {
    this.id = id;
    this.port = port;
    this.directory = directory;
    this.orphans = orphans;
    this.options = List.copyOf(options);
  }

  /** What a Redis that keeps nothing on disk is started with, and {@code others}. */
  static List<String> inMemory(String... others) {
    List<String> options = new ArrayList<>(List.of("--save", "", "--appendonly", "no"));
    options.addAll(List.of(others));
    return options;
  }

  /** What it is started with from the next time on. */
  void options(List<String> next) {
    options = List.copyOf(next);
  }

  /**
   * Starts it; what it held before is gone. Waits until it answers.
   *
   * @throws IllegalStateException if it does not; the message says why, in one line
   */
  void start() {
    launch();
    awaitAnswer();
  }

  /**
   * The program, unpacked once: a process that is started while another copy is being written would
   * hold that open, and nobody can run a file that is open for writing.
   */
  private static synchronized File executable() throws IOException {
    if (executable == null) {
      executable = RedisExecProvider.defaultProvider().get();
    }
    return executable;
  }

  /** The same, without waiting. */
  void launch() {
    try {
      Files.createDirectories(directory);
      List<String> command = new ArrayList<>(List.of(executable().getAbsolutePath()));
      command.addAll(options);
      command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
      Process started =
          new ProcessBuilder(Detached.command(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
      orphans.watch(started.pid());
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server cannot be started", e);
    }
  }

  void awaitAnswer() {
    Waiting.until(
        "redis-server on port " + port + " to answer, log: " + log(),
        START_TIMEOUT,
        this::isAlive,
        this::answers);
  }

  /** Whether it answers, be it with an error. */
  public boolean answers() {
    try {
      return Objects.equals(Resp.ask(port, "PING"), "PONG");
    } catch (UncheckedIOException | IllegalStateException e) {
      return false;
    }
  }

  /** Its name among the others, such as {@code redis3}. */
  public String id() {
    return id;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Its address, as clients are given it. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Where its log goes. */
  public Path log() {
    return directory.resolve(id + ".log");
  }

  /** Whether its process runs; one that is stopped by a signal does. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /**
   * Sends one command. The answer is a {@code String}, a {@code Long}, a {@code List} of these, or
   * null.
   *
   * @throws IllegalStateException if the answer is an error
   * @throws UncheckedIOException if there is no answer
   */
  public @Nullable Object ask(String... command) {
    return Resp.ask(port, command);
  }

  /** The same, where the answer is a text. */
  public String text(String... command) {
    return String.valueOf(ask(command));
  }

  /** The same, where the answer is a number. */
  public long number(String... command) {
    return (Long) Objects.requireNonNull(ask(command));
  }

  /** The same, where the answer is a list. */
  public List<?> list(String... command) {
    return (List<?>) Objects.requireNonNull(ask(command));
  }

  /** The number that INFO tells of something. */
  long told(String section, String field) {
    return text("INFO", section)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1).strip()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(this + " tells nothing of " + field));
  }

  /** How far a master's changes go that it has for its replicas, in bytes. */
  public long written() {
    return told("replication", "master_repl_offset");
  }

  /** Kills it, as kill -9 does, and waits until it is gone: all it holds is lost. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  /** Stops it in its tracks: connections stay up, nothing answers. Ended by {@link #resume}. */
  public void freeze() {
    signal("STOP");
  }

  /** Ends {@link #freeze}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      String pid = Long.toString(Objects.requireNonNull(process).pid());
      if (new ProcessBuilder("kill", "-" + signal, pid).start().waitFor() != 0) {
        throw new IllegalStateException("kill -" + signal + " failed for " + id);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return id + " on port " + port;
  }
}
