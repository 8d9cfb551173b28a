package dev.presence.client.cli;

import dev.presence.client.Presence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks once, and prints a table. */
@Command(
    name = "get",
    description = "Asks once for the presence of some users, and prints a table.",
    sortOptions = false)
final class GetCommand implements Runnable {
  /** The name under which {@code ./presence up} keeps a token that may see everybody. */
  private static final String SERVICE = "service";

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(arity = "1..*", paramLabel = "USER", description = "The users to ask for.")
  private List<String> userIds = List.of();

  @Option(
      names = "--as",
      paramLabel = "USER",
      description =
          "Who is asking; one sees only oneself and one's contacts."
              + " Default: a service that may see everybody, else the first USER.")
  private @Nullable String asker;

  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    try (ConnectionOptions.Connection connection = options.open(asker(), Runnable::run)) {
      Map<String, Presence> found = connection.client().getPresences(userIds).join();
      table(userIds, found, Instant.now()).forEach(spec.commandLine().getOut()::println);
      spec.commandLine().getOut().flush();
    }
  }

  private String asker() {
    if (asker != null) {
      return asker;
    }
    return !options.hasOwnToken() && options.devDirectory().hasToken(SERVICE)
        ? SERVICE
        : userIds.get(0);
  }

  static List<String> table(List<String> userIds, Map<String, Presence> found, Instant now) {
    int width = userIds.stream().mapToInt(String::length).max().orElse(0);
    String format = "%-" + Math.max(4, width) + "s  %-7s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(format, "user", "state", "last seen"));
    for (String userId : userIds) {
      Presence presence = found.get(userId);
      lines.add(
          presence == null
              ? String.format(format, userId, "-", "no such user")
              : String.format(format, userId, presence.state(), lastSeen(presence, now)));
    }
    return lines;
  }

  private static String lastSeen(Presence presence, Instant now) {
    return presence
        .lastSeen()
        .map(
            seen ->
                seen.truncatedTo(ChronoUnit.SECONDS) + " (" + RelativeTime.since(seen, now) + ")")
        .orElse("-");
  }
}
