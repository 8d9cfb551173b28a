package dev.presence.lab.up;

import dev.presence.lab.Complaint;
import dev.presence.lab.Home;
import dev.presence.lab.edge.DevSignIn;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
      "Starts Redis, PostgreSQL, two servers, Envoy in front of them, and people who come and go;"
          + " Ctrl-C stops it all.",
      "",
      "All is on the loopback: Envoy on the ports 8080, 8443 (TLS) and 9901 (its own page), the"
          + " servers on 9101 and 9102, all shifted by PRESENCE_PORT_BASE. Keys, tokens, data and"
          + " logs are in .presence, or in PRESENCE_HOME.",
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:stopped by Ctrl-C", "1:something could not start, or died"})
public final class UpCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(UpCommand.class);

  private static final long WATCH_MILLIS = 500;
  private static final int CHANNELS = 4;

  private final Home home;
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  /** Starts what is built at {@code home}, and works in its directory. */
  public UpCommand(Home home) {
    this.home = home;
  }

  @Override
  public Integer call() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "ctrl-c"));
    int status = 1;
    try {
      status = run();
    } catch (IOException | SQLException | RuntimeException e) {
      log.atError().setCause(e).log("up failed");
      spec.commandLine().getErr().println("presence: " + complaint(e));
    } finally {
      if (isInterrupted()) {
        // The virtual machine goes down as soon as its hook has ended, with a status of its own: it
        // must be told ours before.
        Runtime.getRuntime().halt(status);
      }
      ended.countDown();
    }
    return status;
  }

  /** Failures that were foreseen say themselves where to look. */
  private String complaint(Exception failure) {
    String line = Complaint.about(failure);
    return failure instanceof IllegalStateException ? line : line + "; log: " + Occupancy.log(home);
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

  private boolean isInterrupted() {
    return interrupted.getCount() == 0;
  }

  private int run() throws IOException, SQLException, InterruptedException {
    Ports ports = Ports.of(System.getenv());
    try (Occupancy occupancy = Occupancy.of(home)) {
      ports.requireFree();
      occupancy.clear(home);
      try {
        live(ports);
      } finally {
        DevFiles.forgetServers(home);
      }
    } catch (CancellationException e) {
      log.atInfo().setCause(e).log("interrupted while starting");
    }
    say("stopped");
    return 0;
  }

  private void live(Ports ports) throws IOException, SQLException, InterruptedException {
    Tokens tokens = new Tokens(DevelopmentKeys.in(home.keys()));
    try (DevSignIn signIn = DevSignIn.start(tokens, DemoRoster.people());
        Fleet fleet =
            Fleet.builder(home.root(), home.run())
                .keys(home.keys())
                .servers(Ports.SERVERS)
                .brief()
                .firstPort(ports.firstGrpc())
                .edge(new EdgePlan(ports.edge(), home.certificates(), page(), signIn.port()))
                .setting("grpc.reflection", "true")
                .progress(this::step)
                .start()) {
      DemoRoster roster = new DemoRoster();
      roster.store(fleet.postgres());
      requireNotInterrupted();
      DevFiles.write(home, fleet);
      List<ManagedChannel> channels = new ArrayList<>();
      for (int i = 0; i < CHANNELS; i++) {
        channels.add(fleet.edgeChannel());
      }
      try (Crowd crowd = new Crowd(channels, fleet.tokens())) {
        crowd.play(roster.crowd());
        requireNotInterrupted();
        greet(fleet, roster);
        String death = watch(fleet);
        if (death != null) {
          throw new IllegalStateException(death);
        }
        say("\nstopping ...");
      } finally {
        channels.forEach(ManagedChannel::shutdownNow);
      }
    }
  }

  /** The page, if it has been built. */
  private @Nullable Path page() {
    Path page = home.root().resolve("presence-web/dist-page");
    return Files.isRegularFile(page.resolve("index.html")) ? page : null;
  }

  /** Says what is being done; and sees to it that Ctrl-C need not wait until all is up. */
  private void step(String words) {
    requireNotInterrupted();
    say(words);
  }

  private void requireNotInterrupted() {
    if (isInterrupted()) {
      throw new CancellationException();
    }
  }

  private void greet(Fleet fleet, DemoRoster roster) {
    say(
        """

        Up: http://localhost:%d/ and https://localhost:%d/, in front of %s,
        and %d simulated users who come and go.

        Try, each in a terminal of its own:

          ./presence connect alice --server 1
          ./presence connect bob --server 2
          ./presence get alice bob carol

        Logs are in %s. Ctrl-C stops everything.\
        """
            .formatted(
                fleet.edge().ports().plain(),
                fleet.edge().ports().tls(),
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

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
