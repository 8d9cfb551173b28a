package dev.presence.lab.fleet;

import dev.presence.client.ConnectionState;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.lab.store.Leftovers;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * Starts a server once, lets a client come and go, and has the JVM write down which classes that
 * took (JEP 483, 514): the AOT cache, from which {@code bin/presence-server} starts servers with
 * less than half of the CPU time. It is good for one build of the jar on one version of Java; a JVM
 * that cannot use it starts without.
 */
@Command(
    name = "record-start",
    mixinStandardHelpOptions = true,
    description = "Records what a server loads, so that the next ones start faster.")
public final class RecordStartCommand implements Callable<Integer> {

  /** How long the JVM may take to write the cache once the server has ended. */
  private static final Duration WRITING = Duration.ofMinutes(3);

  private static final Duration CONNECTING = Duration.ofSeconds(30);

  /** From the folder where servers are started: its own path may have a blank in it. */
  private static final Path RECORDED = Path.of("target/presence-server.recorded");

  private static final String CACHE = "presence-server.aot";

  private final Path root;
  private final Path directory;

  /**
   * A command for a project.
   *
   * @param directory for the stores and the log; emptied before, and gone after a success
   */
  public RecordStartCommand(Path root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path recorded = root.resolve("presence-server").resolve(RECORDED);
    Path cache = recorded.resolveSibling(CACHE);
    Files.deleteIfExists(cache);
    Leftovers.delete(directory);
    record(recorded);
    // At once: a server that starts meanwhile would take half a cache for a whole one.
    Files.move(recorded, cache, StandardCopyOption.ATOMIC_MOVE);
    Leftovers.delete(directory);
    return 0;
  }

  private void record(Path recorded) throws InterruptedException {
    try (Fleet fleet =
        Fleet.builder(root, directory)
            .servers(1)
            .environment(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + RECORDED))
            .start()) {
      visit(fleet);
      fleet.server(0).stop();
      var _ = fleet.server(0).awaitEnd(WRITING);
      if (!Files.exists(recorded)) {
        throw new IllegalStateException("the server wrote no cache, log: " + fleet.server(0).log());
      }
    }
  }

  private static void visit(Fleet fleet) throws InterruptedException {
    ManagedChannel channel = fleet.channel(0);
    CountDownLatch live = new CountDownLatch(1);
    try (PresenceSession session =
        PresenceClient.builder(channel)
            .tokens(() -> fleet.tokens().user("visitor"))
            .device("recorder")
            .build()
            .connect(new Visitor(live))) {
      if (!live.await(CONNECTING.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("no client could connect to the server");
      }
      var _ = session.signOut().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    } finally {
      channel.shutdownNow();
    }
  }

  private record Visitor(CountDownLatch live) implements PresenceListener {

    @Override
    public void onSnapshot(Map<String, Presence> friends) {
      live.countDown();
    }

    @Override
    public void onChange(Presence friend) {}

    @Override
    public void onState(ConnectionState state) {}
  }
}
