package dev.presence.lab.up;

import dev.presence.lab.Home;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./presence up}: everything on this machine, until Ctrl-C. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Starts Redis, PostgreSQL, two servers, and people who come and go; Ctrl-C stops it all.",
      "",
      "Servers listen on the loopback, ports 9101 and 9102, shifted by PRESENCE_PORT_BASE. Keys,"
          + " tokens, data and logs are in .presence, or in PRESENCE_HOME.",
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:stopped by Ctrl-C", "1:something could not start, or died"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class UpCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(UpCommand.class);

  private static final long WATCH_MILLIS = 500;
  private static final int CHANNELS_EACH = 2;

  @Spec private CommandSpec spec;

  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    Home home = Home.of(System.getenv());
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "ctrl-c"));
    int status = 1;
    try {
      status = run(home);
    } catch (IllegalStateException | IOException | SQLException e) {
      log.atError().setCause(e).log("up failed");
      spec.commandLine().getErr().println("presence: " + e.getMessage());
    } finally {
      ended.countDown();
    }
    if (interrupted.getCount() == 0) {
      // The virtual machine is going down already, with a status of its own unless it is told ours.
      Runtime.getRuntime().halt(status);
    }
    return status;
  }

  /** Ctrl-C: what was started is stopped before this process ends. */
  private void interrupt() {
    interrupted.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run(Home home) throws IOException, SQLException, InterruptedException {
    Ports ports = Ports.of(System.getenv());
    Files.createDirectories(home.directory());
    try (FileChannel file =
            FileChannel.open(
                home.directory().resolve("up.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        throw new IllegalStateException(
            "\"up\" is running already, with files in " + home.directory());
      }
      ports.requireFree();
      clear(home.run());
      return runLocked(home, ports);
    }
  }

  private static void clear(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> old = Files.walk(directory)) {
        for (Path path : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private int runLocked(Home home, Ports ports)
      throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    say(out, "starting Redis, PostgreSQL and " + Ports.SERVERS + " servers ...");
    try (Fleet fleet =
        Fleet.builder(home.root(), home.run())
            .keys(home.keys())
            .servers(Ports.SERVERS)
            .firstPort(ports.firstGrpc())
            .setting("grpc.reflection", "true")
            .start()) {
      DemoRoster roster = new DemoRoster();
      roster.store(fleet.postgres());
      DevFiles.write(home, fleet);
      List<ManagedChannel> channels = new ArrayList<>();
      for (int i = 0; i < CHANNELS_EACH * Ports.SERVERS; i++) {
        channels.add(fleet.channel(i % Ports.SERVERS));
      }
      try (Crowd crowd = new Crowd(channels, fleet.tokens())) {
        crowd.play(roster.crowd());
        greet(out, home, fleet, roster);
        String death = watch(fleet);
        if (death != null) {
          throw new IllegalStateException(death);
        }
        say(out, "\nstopping ...");
      } finally {
        channels.forEach(ManagedChannel::shutdownNow);
      }
    }
    say(out, "stopped");
    return 0;
  }

  private static void greet(PrintWriter out, Home home, Fleet fleet, DemoRoster roster) {
    say(
        out,
        """

        Up: %s, and %d simulated users who come and go.

        Try, each in a terminal of its own:

          ./presence connect alice --server 1
          ./presence connect bob --server 2
          ./presence get alice bob carol

        Logs are in %s. Ctrl-C stops everything.\
        """
            .formatted(
                String.join(" and ", fleet.servers().stream().map(ServerProcess::address).toList()),
                roster.crowd().size(),
                home.run()));
  }

  /** Waits for Ctrl-C, or for the death of a child: then it says whose. */
  private @Nullable String watch(Fleet fleet) throws InterruptedException {
    while (!interrupted.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
      String death = fleet.death();
      if (death != null) {
        return death;
      }
    }
    return null;
  }

  private static void say(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
