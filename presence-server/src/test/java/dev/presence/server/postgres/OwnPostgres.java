package dev.presence.server.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that a test may stop, kill and start again, on the same port and data. */
public final class OwnPostgres implements AutoCloseable {

  private final Path data;
  private final int port;
  private @Nullable EmbeddedPostgres running;

  private OwnPostgres(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /** One that does not run yet, with no data. */
  public static OwnPostgres create(Path folder) throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new OwnPostgres(folder.resolve("data"), probe.getLocalPort());
    }
  }

  int port() {
    return port;
  }

  public String url() {
    return "jdbc:postgresql://localhost:" + port + "/postgres";
  }

  public void start() throws IOException {
    running =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPort(port)
            // What it has committed outlives it, as in production; the embedded one is careless.
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("fsync", "on")
            .start();
  }

  /** Ends it at once, with all connections, as an operator would. */
  public void stop() throws IOException {
    EmbeddedPostgres postgres = running;
    running = null;
    if (postgres != null) {
      postgres.close();
    }
  }

  /** Ends it as a crash would: nothing is cleaned up. */
  public void kill() throws IOException, InterruptedException {
    ProcessHandle postmaster = postmaster();
    postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
    postmaster.destroyForcibly();
    var _ = postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    stop();
  }

  private ProcessHandle postmaster() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().trim());
    return ProcessHandle.of(pid).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
