package dev.presence.lab.fleet;

import dev.presence.lab.store.Detached;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.Waiting;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One server, started by the same command as in production. */
public final class ServerProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final long HURRY_MILLIS = 250;
  private static final String SERVICE = "presence.v1.PresenceService";

  private final String name;
  private final int port;
  private final int internalPort;
  private final Path log;
  private final List<String> command;
  private final Process process;

  private ServerProcess(
      String name, int port, int internalPort, Path log, List<String> command, Process process) {
    this.name = name;
    this.port = port;
    this.internalPort = internalPort;
    this.log = log;
    this.command = command;
    this.process = process;
  }

  /**
   * Starts a server; returns before it serves, see {@link #awaitServing}.
   *
   * @param build the folder of the server, with {@code bin} in it
   * @param environment variables besides those of this process
   * @param directory for its configuration and its log
   */
  static ServerProcess start(
      Path build,
      String name,
      int port,
      int internalPort,
      Map<String, String> settings,
      Map<String, String> environment,
      Path directory,
      Orphans orphans) {
    try {
      Files.createDirectories(directory);
      Path config = directory.resolve(name + ".properties");
      Path log = directory.resolve(name + ".log");
      StringBuilder lines = new StringBuilder();
      new TreeMap<>(settings)
          .forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
      Files.writeString(config, lines);
      List<String> command =
          List.of(build.resolve("bin/presence-server").toString(), "--config", config.toString());
      ProcessBuilder builder =
          new ProcessBuilder(Detached.command(command.toArray(String[]::new)))
              .directory(build.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      // The shell's own would win over the file.
      builder.environment().keySet().removeIf(variable -> variable.startsWith("PRESENCE_"));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      orphans.watch(process.pid());
      return new ServerProcess(name, port, internalPort, log, command, process);
    } catch (IOException e) {
      throw new UncheckedIOException("server " + name + " cannot be started", e);
    }
  }

  /**
   * Waits until it says that it serves.
   *
   * @throws IllegalStateException if it does not; the message names the log
   */
  public void awaitServing() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      Waiting.until(
          "server " + name + " on port " + port + " to serve, log: " + log,
          START_TIMEOUT,
          process::isAlive,
          () -> serves(channel));
    } finally {
      channel.shutdownNow();
    }
  }

  private static boolean serves(ManagedChannel channel) {
    try {
      channel.resetConnectBackoff();
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .check(HealthCheckRequest.newBuilder().setService(SERVICE).build())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Its name, with which its node id begins. */
  public String name() {
    return name;
  }

  /** Where clients reach it: host and port. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Its port on the loopback. */
  public int port() {
    return port;
  }

  /** Its port for other servers. */
  int internalPort() {
    return internalPort;
  }

  /** Where its log goes. */
  public Path log() {
    return log;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it has ended.
   *
   * @return whether it has within this time
   */
  public boolean hasEnded(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The CPU time that it has used. */
  public Duration cpuTime() {
    Optional<Duration> used = process.info().totalCpuDuration();
    return used.orElse(Duration.ZERO);
  }

  /** Kills it, as kill -9 does, and waits until it is gone. */
  public void killHard() {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Sends a signal, such as STOP or CONT. */
  public void signal(String signal) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -" + signal + " ended with status " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Asks it to end in an orderly way, as SIGTERM does; see {@link #close}. */
  public void stop() {
    process.destroy();
  }

  /**
   * Waits until it has ended by itself.
   *
   * @return its exit status
   * @throws IllegalStateException if it has not ended in time
   */
  public int awaitEnd(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " has not ended in " + timeout + "; log: " + log);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Its command again, with one more option: an order to it, such as {@code --drain}. */
  public Process order(String option) throws IOException {
    List<String> again = new ArrayList<>(command);
    again.add(option);
    ProcessBuilder builder = new ProcessBuilder(again).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PRESENCE_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  /** Ends it in an orderly way but soon, and after some time in the other. */
  @Override
  public void close() {
    try {
      long endNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
      do {
        stop(); // each time but the first: hurry
      } while (!process.waitFor(HURRY_MILLIS, TimeUnit.MILLISECONDS)
          && System.nanoTime() < endNanos);
      if (process.isAlive()) {
        killHard();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
