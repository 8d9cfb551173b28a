package dev.presence.lab.replay;

import dev.presence.lab.Interruptible;
import dev.presence.lab.clients.WebLibrary;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.replay.oracle.Chronicle;
import dev.presence.lab.replay.oracle.Fault;
import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.ChatLogException;
import dev.presence.lab.replay.plan.Holds;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plant.Plant;
import dev.presence.lab.store.Leftovers;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The command line of the replay. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays a real chat network through two servers, and checks every view and every row.",
      "",
      "Starts Redis, PostgreSQL, two servers and Envoy of its own, on free ports, and stops them"
          + " again. People who wrote to each other are contacts. Whoever writes is online, as the"
          + " log says, with as many devices as sessions overlap; each is a real client, of five"
          + " about one in the web library under Node, and the others in the Java library. Sessions"
          + " end by sign-out, by a cut without a word, or by a cut and a return on the same or the"
          + " other server. What every client shows is compared with what the log, the schedule and"
          + " the clients' own deeds say it must show.",
      ""
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all is right", "1:something is not, or the run failed", "2:wrong arguments"})
public final class ReplayCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "The chat log: a message a line, SRC DST UNIXTIME; may be gzipped. Without it the log "
              + "that comes with the lab is played: 59,835 messages among 1,899 people.")
  private @Nullable Path file;

  @Option(
      names = "--speed",
      defaultValue = "100000",
      paramLabel = "FACTOR",
      description =
          "How much faster than in the log sessions start, at most: a machine that cannot keep up "
              + "slips behind, and skips nothing. Default: ${DEFAULT-VALUE}.")
  private double speed;

  @Option(
      names = "--limit",
      defaultValue = "2147483647",
      showDefaultValue = Visibility.NEVER,
      paramLabel = "N",
      description = "Play only the first N sessions.")
  private int limit;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description =
          "Decides all that is not in the log: the same seed plays the same. Default: by lot.")
  private @Nullable Long seed;

  @Option(
      names = "--plant",
      paramLabel = "FAULT",
      converter = PlantConverter.class,
      description =
          "Plant a fault, to see that it is found: ${COMPLETION-CANDIDATES}. The run then ends "
              + "with status 1.")
  private Plant.@Nullable Kind plant;

  @Option(
      names = "--direct",
      description =
          "Without Envoy: straight to the servers, and by the Java library alone. The plan then "
              + "says on which server a session resumes.")
  private boolean direct;

  @Option(
      names = "--brief",
      description = "Hold the long sessions for 5 to 7 s instead of 10 to 30 s.")
  private boolean brief;

  @Option(
      names = "--keep-logs",
      description = "Do not delete the logs of servers and stores when all is right.")
  private boolean keepLogs;

  private static final class PlantConverter implements ITypeConverter<Plant.Kind> {
    @Override
    public Plant.Kind convert(String written) {
      try {
        return Plant.Kind.of(written);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private final Path root;
  private final Path home;
  private final PrintStream out;

  /**
   * A command that starts servers of the project at {@code root}.
   *
   * @param home where data and logs go while it runs
   * @param out where it tells of itself
   */
  public ReplayCommand(Path root, Path home, PrintStream out) {
    this.root = root;
    this.home = home;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    ChatLog log;
    Path chatLog = file;
    try {
      log = chatLog == null ? ChatLog.bundled() : ChatLog.read(chatLog);
    } catch (ChatLogException e) {
      out.println("presence: " + e.getMessage());
      return 2;
    }
    if (!(speed > 0) || limit < 1) {
      out.println("presence: --speed and --limit must be greater than 0");
      return 2;
    }
    long chosen = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
    out.printf(
        "replay of %s, --seed %d --speed %.0f%n",
        chatLog == null ? "college-msg" : chatLog, chosen, speed);
    Replay.Piece piece =
        new Replay.Piece(
            log,
            new Plan.Options(chosen, speed, limit, brief ? Holds.BRIEF : Holds.FULL),
            "",
            plant);
    Path directory = home.resolve("replay-" + ProcessHandle.current().pid());
    return Interruptible.run(() -> play(piece, directory) ? 0 : 1);
  }

  private boolean play(Replay.Piece piece, Path directory)
      throws SQLException, InterruptedException {
    boolean right = false;
    ProgressBar progress = new ProgressBar(out, isTerminal());
    try {
      WebLibrary library = direct ? null : WebLibrary.find(root, System.getenv());
      right = play(piece, library, directory, progress);
    } catch (IllegalStateException e) {
      progress.end();
      out.println("presence: " + e.getMessage());
    }
    if (right && !keepLogs) {
      Leftovers.delete(directory);
    } else if (Files.exists(directory)) {
      out.println("logs: " + directory);
    }
    return right;
  }

  private boolean play(
      Replay.Piece piece, @Nullable WebLibrary library, Path directory, ProgressBar progress)
      throws SQLException, InterruptedException {
    try (Fleet fleet = fleet(directory)) {
      Replay replay =
          library == null
              ? Replay.direct(fleet, progress)
              : Replay.throughEdge(fleet, library, directory, progress);
      Replay.Result result = replay.play(piece);
      progress.end();
      new Summary(out).print(result);
      if (!result.right()) {
        writeDeeds(result, directory.resolve("deeds.log"));
      }
      return result.right();
    }
  }

  private Fleet fleet(Path directory) {
    Fleet.Builder builder = Fleet.builder(root, directory);
    if (!direct) {
      builder.edge(EdgePlan.bare(EdgePorts.free(), directory.resolve("tls")));
    }
    return builder.start();
  }

  /** What the clients did of whom something is wrong. */
  private static void writeDeeds(Replay.Result result, Path file) {
    Set<String> users =
        result.verdict().faults().stream().map(Fault::user).collect(Collectors.toSet());
    try {
      Files.write(file, Chronicle.of(result.evidence(), users));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
