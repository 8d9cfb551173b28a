package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import redis.embedded.RedisExecProvider;

/**
 * A real redis-server on a free port of the loopback, for one test class, emptied before each test.
 * It can be killed, started again on the same port, and stopped in its tracks.
 */
public final class RedisExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private static @Nullable File executable;

  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private final List<String> options;
  private int port;
  private @Nullable Path directory;
  private @Nullable Process process;
  private @Nullable RedisClients clients;
  private @Nullable RedissonClient raw;

  /** {@code options} for redis-server, as on its command line. */
  public RedisExtension(String... options) {
    this.options = List.of(options);
  }

  /** Where it is. */
  public RedisSettings settings() {
    return RedisSettings.ofUrl("redis://127.0.0.1:" + port);
  }

  /** Clients as production has them, for the whole class. */
  public synchronized RedisClients clients() {
    if (clients == null) {
      clients = RedisClients.connect(settings());
    }
    return clients;
  }

  /** A client of the test's own, to look and to do harm. */
  public synchronized RedissonClient raw() {
    if (raw == null) {
      raw = Redisson.create(RedissonConfigs.forStore(settings()));
    }
    return raw;
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

  /** Starts the server, empty. */
  public void start() throws IOException {
    List<String> command = new ArrayList<>(List.of(executable().getAbsolutePath()));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no"));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .directory(Objects.requireNonNull(directory).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Awaitility.await()
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(10))
        .until(this::answers);
  }

  private boolean answers() {
    try {
      return command("PING").startsWith("+");
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends one command by itself; returns the first line of the answer. */
  public String command(String line) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
      return answer == null ? "" : answer;
    }
  }

  /** Kills the server, as kill -9 does; nothing it held survives. */
  public void kill() throws InterruptedException {
    if (process != null && !process.destroyForcibly().waitFor(5, TimeUnit.SECONDS)) {
      throw new IllegalStateException("redis-server did not die");
    }
  }

  /** Stops the server in its tracks: connections stay up, nothing answers. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Ends {@link #freeze()}. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    long pid = Objects.requireNonNull(process).pid();
    int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + signal + " ended with status " + status);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    port = freePort();
    directory = Files.createTempDirectory("presence-redis-");
    start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    raw().getKeys().flushall();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
    if (clients != null) {
      clients.close();
    }
    if (raw != null) {
      raw.shutdown(0, 1, TimeUnit.SECONDS);
    }
    kill();
    if (directory != null) {
      Files.deleteIfExists(directory.resolve("nodes.conf"));
      Files.deleteIfExists(directory);
    }
  }

  /** A port of the loopback that is free now. */
  public static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a stage that should end within seconds. */
  public static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
