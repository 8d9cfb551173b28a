package dev.presence.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.lab.chaos.ChaosCommand;
import dev.presence.lab.edge.EnvoyConfigCommand;
import dev.presence.lab.fleet.RecordStartCommand;
import dev.presence.lab.replay.ReplayCommand;
import dev.presence.lab.simulation.SimulateCommand;
import dev.presence.lab.up.UpCommand;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code ./presence} calls for development and proof. */
@Command(
    name = "presence",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Development and proof of the presence service.")
public final class Main implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  private Main() {}

  /** Runs one command. Exit status: 0 fine, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(
        run(
            Home.of(System.getenv()),
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            args));
  }

  static int run(Home home, PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .addSubcommand(new UpCommand(home))
        .addSubcommand(new TokenCommand(home))
        .addSubcommand(new EnvoyConfigCommand(home.root()))
        .addSubcommand(new ReplayCommand(home.root(), home.directory(), System.out))
        .addSubcommand(new SimulateCommand(System.out))
        .addSubcommand(new RecordStartCommand(home.root(), home.directory().resolve("record")))
        .addSubcommand(new ChaosCommand(home.root(), home.directory(), System.out))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which command: up, token, envoy-config, replay, simulate or chaos?");
  }

  private static int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command
        .getErr()
        .printf(
            "presence: %s (./%s --help tells more)%n",
            Complaint.oneLine(String.valueOf(misuse.getMessage())),
            command.getCommandSpec().qualifiedName());
    return MISUSED;
  }

  private static int failed(Exception failure, PrintWriter err) {
    log.atError().setCause(failure).log("failed");
    err.println("presence: " + Complaint.about(failure));
    return FAILED;
  }
}
