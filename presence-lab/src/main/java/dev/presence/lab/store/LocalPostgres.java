package dev.presence.lab.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL on the loopback. It keeps its data when it is stopped and started again. */
public final class LocalPostgres implements AutoCloseable {

  /** The user, who may do everything. */
  public static final String USER = "postgres";

  /** The user's password: none is asked for on the loopback. */
  public static final String PASSWORD = "postgres";

  private static final String LOG = "postgres.log";

  private final int port;
  private final Path directory;
  private final Orphans orphans;
  private @Nullable EmbeddedPostgres postgres;
  private volatile long pid;

  private LocalPostgres(int port, Path directory, Orphans orphans) {
    this.port = port;
    this.directory = directory;
    this.orphans = orphans;
  }

  /**
   * Starts a server with an empty database, whose data are in {@code directory}.
   *
   * @throws IllegalStateException if it does not start; the message says why, in one line
   */
  public static LocalPostgres start(int port, Path directory, Orphans orphans) {
    LocalPostgres postgres = new LocalPostgres(port, directory, orphans);
    postgres.start();
    return postgres;
  }

  /** Starts it again after {@link #stop}, with its data, on the same port. */
  public void start() {
    try {
      Files.createDirectories(directory);
      postgres =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(directory.resolve("data"))
              .setCleanDataDirectory(false)
              .setServerConfig("max_connections", "100")
              .setServerConfig("fsync", "off")
              // The library's default is off: then what was committed just before a kill is lost.
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("logging_collector", "on")
              .setServerConfig("log_directory", directory.toAbsolutePath().toString())
              .setServerConfig("log_filename", LOG)
              // On Ctrl-C a hook would take it away while the servers are still writing to it.
              .setRegisterShutdownHook(false)
              .setPGStartupWait(Duration.ofSeconds(30))
              .start();
      pid = readPid();
      orphans.watch(pid);
    } catch (IOException e) {
      throw new IllegalStateException(
          "PostgreSQL does not start on port " + port + ", log: " + log() + ": " + e.getMessage(),
          e);
    }
  }

  private long readPid() throws IOException {
    return Long.parseLong(
        Files.readAllLines(directory.resolve("data").resolve("postmaster.pid")).get(0).strip());
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Where its log goes. */
  public Path log() {
    return directory.toAbsolutePath().resolve(LOG);
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Its JDBC URL. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** A new connection; the caller closes it. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, PASSWORD);
  }

  /** Stops it; its data stay. */
  public void stop() {
    try {
      if (postgres != null) {
        postgres.close();
        postgres = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not stop", e);
    }
  }

  /** Kills it, as kill -9 does; {@link #start} recovers what it had written. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Waiting.until("PostgreSQL to be gone", Duration.ofSeconds(10), () -> true, () -> !isAlive());
    stop();
  }

  /** Stops it. */
  @Override
  public void close() {
    stop();
  }
}
