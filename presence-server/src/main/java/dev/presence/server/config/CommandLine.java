package dev.presence.server.config;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * What stands behind {@code presence-server} on the command line. Exit statuses: 0 fine, 1 the
 * configuration cannot be used, 2 the command line cannot.
 */
@Command(
    name = "presence-server",
    description = "One server of the presence service.",
    sortOptions = false)
public final class CommandLine {

  private static final int CONFIG_PROBLEM = 1;
  private static final int USAGE_PROBLEM = 2;

  @Option(names = "--config", paramLabel = "FILE", description = "Read settings from this file.")
  private @Nullable Path file;

  @Option(
      names = "--check-config",
      description = "Print all settings in effect, or what is wrong with them, and exit.")
  private boolean check;

  @Option(
      names = "--drain",
      description = "Order the server with these settings, which runs, to end; wait for that.")
  private boolean drain;

  @Option(names = "--drain-now", description = "The same, but do not wait for clients to move.")
  private boolean hurry;

  @Option(names = "--help", usageHelp = true, description = "Print this page and exit.")
  private boolean help;

  @Option(names = "--version", description = "Print the version and exit.")
  private boolean version;

  private CommandLine() {}

  /** What the command line asks for. */
  public sealed interface Request {
    /** Serve by this configuration. */
    record Serve(ServerConfig config) implements Request {}

    /**
     * Order the server of this configuration, which runs already, to leave.
     *
     * @param hurry without waiting for its clients to move
     */
    record Drain(ServerConfig config, boolean hurry) implements Request {}

    /** All is said; exit with this status. */
    record Exit(int status) implements Request {}
  }

  /** Reads the command line and the configuration, and answers what can be answered at once. */
  public static Request parse(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    CommandLine parsed = new CommandLine();
    picocli.CommandLine picocli = new picocli.CommandLine(parsed);
    try {
      picocli.parseArgs(arguments);
    } catch (ParameterException e) {
      err.println("presence-server: " + e.getMessage() + "; try --help");
      return new Request.Exit(USAGE_PROBLEM);
    }
    return parsed.answer(picocli, environment, out, err);
  }

  private Request answer(
      picocli.CommandLine picocli,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    if (help) {
      picocli.usage(out);
      out.println(
          "\nSettings, in the file or (redis.url) in the environment (PRESENCE_REDIS_URL):");
      out.print(ServerConfig.help());
      return new Request.Exit(0);
    }
    if (version) {
      out.println("presence-server " + version());
      return new Request.Exit(0);
    }
    try {
      ServerConfig config = ServerConfig.load(file, environment);
      if (drain || hurry) {
        return new Request.Drain(config, hurry);
      }
      if (!check) {
        return new Request.Serve(config);
      }
      config.effective().forEach(out::println);
      config.warnings().forEach(warning -> err.println("warning: " + warning));
      return new Request.Exit(0);
    } catch (ConfigException e) {
      e.problems().forEach(problem -> err.println("presence-server: " + problem));
      return new Request.Exit(CONFIG_PROBLEM);
    }
  }

  /** The version of this build. */
  public static String version() {
    return Optional.ofNullable(CommandLine.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
