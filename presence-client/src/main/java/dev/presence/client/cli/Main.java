package dev.presence.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.client.PresenceException;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code presence-client}. */
@Command(
    name = "presence",
    description = "Shows who is online.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConnectCommand.class, GetCommand.class})
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final int HELP_COLUMNS = 100;

  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** For picocli. */
  public Main() {}

  /** Runs one command and exits: 0 as asked, 1 failed, 2 misused. */
  public static void main(String[] args) {
    LogManager.getLogManager().reset(); // what matters is told in one line of our own
    System.exit(
        run(
            args,
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8)));
  }

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(HELP_COLUMNS)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command: connect or get?");
  }

  private static int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command
        .getErr()
        .printf(
            "presence: %s (%s --help tells more)%n",
            oneLine(String.valueOf(misuse.getMessage())), command.getCommandSpec().qualifiedName());
    return MISUSED;
  }

  private static int failed(Throwable failure, PrintWriter err) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message =
        cause instanceof PresenceException || cause instanceof CliException
            ? cause.getMessage()
            : "unexpected: " + cause;
    err.println("presence: " + oneLine(String.valueOf(message)));
    return FAILED;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
