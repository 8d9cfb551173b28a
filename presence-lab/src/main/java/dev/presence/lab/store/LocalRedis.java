package dev.presence.lab.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

/** A real redis-server on the loopback, in memory only. */
public final class LocalRedis implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private final int port;
  private final Path directory;
  private final Orphans orphans;
  private @Nullable Process process;

  private LocalRedis(int port, Path directory, Orphans orphans) {
    this.port = port;
    this.directory = directory;
    this.orphans = orphans;
  }

  /**
   * Starts a server, whose log goes to {@code redis.log} in {@code directory}.
   *
   * @throws IllegalStateException if it does not start; the message says why, in one line
   */
  public static LocalRedis start(int port, Path directory, Orphans orphans) {
    LocalRedis redis = new LocalRedis(port, directory, orphans);
    redis.start();
    return redis;
  }

  /** Starts it again after {@link #kill}: empty, on the same port. */
  public void start() {
    try {
      Files.createDirectories(directory);
      File executable = RedisExecProvider.defaultProvider().get();
      List<String> command =
          Detached.command(
              executable.getAbsolutePath(),
              "--port",
              Integer.toString(port),
              "--bind",
              "127.0.0.1",
              "--save",
              "",
              "--appendonly",
              "no");
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      orphans.watch(process.pid());
      awaitAnswer(process);
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server cannot be started", e);
    }
  }

  private void awaitAnswer(Process started) {
    Waiting.until(
        "redis-server on port " + port + " to answer, log: " + log(),
        START_TIMEOUT,
        started::isAlive,
        () -> command("PING").equals("+PONG"));
  }

  /** Sends one command; the first line of the answer, empty if there is none. */
  public String command(String line) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      return answer == null ? "" : answer;
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * What INFO tells of something.
   *
   * @return empty if it does not answer, or tells no such thing
   */
  public String info(String section, String field) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(("INFO " + section + "\r\n").getBytes(UTF_8));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      // The answer ends with an empty line after its last field.
      for (String line = lines.readLine();
          line != null && !line.isEmpty();
          line = lines.readLine()) {
        if (line.startsWith(field + ":")) {
          return line.substring(field.length() + 1).strip();
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Where its log goes. */
  public Path log() {
    return directory.resolve("redis.log");
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Its address, as servers are given it. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Kills it, as kill -9 does: all it holds is lost. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  /** Stops it. */
  @Override
  public void close() {
    kill();
  }
}
