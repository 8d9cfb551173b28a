package dev.presence.client.cli;

import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.cli.ConnectionOptions.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a user's friends live, until asked to stop. */
@Command(
    name = "connect",
    description = "Connects as a user, and shows their friends come and go. Ctrl-C signs out.",
    sortOptions = false,
    footer = {
      "",
      "Without a terminal, or with --plain, each event is one line:",
      "  hello node=NODE session=ID resumed=BOOL  connected; always the first line",
      "  state STATE                              LIVE, STALE, CONNECTING, or OFFLINE REASON",
      "  snapshot [USER=STATE]...                 once: all friends who are not offline",
      "  USER STATE                               a change: ONLINE, AWAY, BUSY, UNKNOWN, OFFLINE",
      "  USER OFFLINE last_seen=TIME              the same, when it is known (UTC, ISO 8601)"
    })
final class ConnectCommand implements Runnable {
  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(paramLabel = "USER", description = "Who to be.")
  private String userId = "";

  @Option(names = "--plain", description = "Print one line per event, as without a terminal.")
  private boolean plain;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description =
          "Sign out and end so long after the server's answer. Default: run until stopped.")
  private @Nullable Integer forSeconds;

  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    // One thread for all that is printed or drawn, so that nothing overlaps.
    ScheduledExecutorService printer = Executors.newSingleThreadScheduledExecutor(Daemon::new);
    try (Terminal terminal = plain ? null : terminal();
        Connection connection = options.open(userId, printer)) {
      if (terminal == null) {
        follow(connection, new PlainOutput(spec.commandLine().getOut()));
      } else {
        show(connection, terminal, printer);
      }
    } catch (IOException e) {
      throw new CliException("the terminal fails: " + e.getMessage());
    } finally {
      printer.shutdown(); // what is queued is still done: it may be the answer to a sign-out
    }
  }

  /** The terminal, if standard output is one that can be drawn on. */
  private static @Nullable Terminal terminal() throws IOException {
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .systemOutput(SystemOutput.SysOut)
            .dumb(true)
            .nativeSignals(true)
            .build();
    if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
      terminal.close();
      return null;
    }
    return terminal;
  }

  private void follow(Connection connection, PresenceListener listener) {
    Watch watch = new Watch(listener);
    PresenceSession session = connection.client().connect(watch);
    Farewell farewell = new Farewell(session, () -> {});
    try {
      requireHello(watch, connection, session);
      if (watch.awaitEnd(limitSeconds())) {
        watch.requireNoFailure();
      }
    } finally {
      farewell.say();
    }
    boolean unused = watch.awaitEnd(END_LIMIT.toSeconds()); // so that the last line is printed
  }

  private void show(Connection connection, Terminal terminal, ScheduledExecutorService printer) {
    LiveScreen screen = new LiveScreen(terminal, printer, connection.client(), userId);
    Watch watch = new Watch(screen);
    screen.enter();
    PresenceSession session = connection.client().connect(watch);
    Farewell farewell = new Farewell(session, screen::leave);
    try {
      screen.attach(session);
      requireHello(watch, connection, session);
      screen.readKeys(watch, TimeUnit.SECONDS.toMillis(limitSeconds()));
      watch.requireNoFailure();
    } finally {
      farewell.say();
    }
  }

  private void requireHello(Watch watch, Connection connection, PresenceSession session) {
    if (!watch.awaitHello(HELLO_LIMIT.toSeconds())) {
      String detail = session.state().detail();
      session.close(); // there is nobody to sign out from
      throw new CliException(
          "no server answered at "
              + String.join(",", connection.servers())
              + "; is it running?"
              + (detail.isEmpty() ? "" : " (" + detail + ")"));
    }
    watch.requireNoFailure();
  }

  private long limitSeconds() {
    return forSeconds == null ? TimeUnit.DAYS.toSeconds(365) : forSeconds;
  }

  /** A thread that does not keep the program alive. */
  private static final class Daemon extends Thread {
    Daemon(Runnable task) {
      super(task, "printer");
      setDaemon(true);
    }
  }
}
