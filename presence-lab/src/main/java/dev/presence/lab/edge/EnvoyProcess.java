package dev.presence.lab.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.store.Detached;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One Envoy. */
public final class EnvoyProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final int ANSWER_MILLIS = 2_000;

  private final Process process;
  private final Path log;
  private final int admin;

  private EnvoyProcess(Process process, Path log, int admin) {
    this.process = process;
    this.log = log;
    this.admin = admin;
  }

  /**
   * Starts one, and waits until it takes calls.
   *
   * @param admin the port of its own page, as the configuration says
   * @throws IllegalStateException if it does not; the message names the log
   */
  static EnvoyProcess start(
      Path binary, Path configuration, Path directory, int admin, Orphans orphans) {
    Path log = directory.resolve("envoy.log");
    try {
      // Hot restart ties it to the process that started it, and would want a number of its own.
      Process process =
          new ProcessBuilder(
                  Detached.command(
                      binary.toString(),
                      "--config-path",
                      configuration.toString(),
                      "--disable-hot-restart",
                      "--concurrency",
                      "1",
                      "--log-level",
                      "warning",
                      // Thousands of lines about the file server, which the template tells of.
                      "--component-log-level",
                      "misc:error",
                      "--file-flush-interval-msec",
                      "500"))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      orphans.watch(process.pid());
      EnvoyProcess envoy = new EnvoyProcess(process, log, admin);
      try {
        Waiting.until(
            "Envoy to take calls, log: " + log,
            START_TIMEOUT,
            process::isAlive,
            () -> envoy.ask("/ready").strip().equals("LIVE"));
      } catch (IllegalStateException e) {
        envoy.kill();
        throw e;
      }
      return envoy;
    } catch (IOException e) {
      throw new UncheckedIOException("Envoy cannot be started", e);
    }
  }

  /** What its own page says at a path, with GET; empty if it does not answer. */
  public String ask(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + admin + path).toURL().openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      try (InputStream answer = connection.getInputStream()) {
        return new String(answer.readAllBytes(), UTF_8);
      }
    } catch (IOException e) {
      return "";
    }
  }

  /** Where its log goes. */
  public Path log() {
    return log;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it as by kill -9. */
  void kill() {
    process.destroyForcibly();
    process.onExit().orTimeout(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Ends it; streams that are still live are cut. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
