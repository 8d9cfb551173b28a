package dev.presence.client.cli;

import dev.presence.client.PresenceChannels;
import dev.presence.client.PresenceClient;
import dev.presence.client.TokenSource;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the servers are and who is asking: the options that all commands have. */
final class ConnectionOptions {
  @Option(
      names = "--servers",
      split = ",",
      paramLabel = "HOST:PORT",
      description = "The servers, separated by commas. Default: those of ./presence up.")
  private List<String> servers = List.of();

  @Option(
      names = "--server",
      paramLabel = "N",
      description = "Use only the Nth of the servers, counted from 1.")
  private @Nullable Integer server;

  @Option(names = "--tls", description = "Encrypt; needed outside of development.")
  private boolean tls;

  @Option(
      names = "--token",
      paramLabel = "JWT",
      description =
          "The user's token. Default: --token-file, then the variable PRESENCE_TOKEN,"
              + " then the token that ./presence up made for the user.")
  private @Nullable String token;

  @Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--dev-dir",
      paramLabel = "DIR",
      description = "Where ./presence up keeps its files. Default: ${DEFAULT-VALUE}")
  private Path devDirectory = Path.of(".presence");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** A client, and the channel that it is on. */
  record Connection(List<String> servers, ManagedChannel channel, PresenceClient client)
      implements AutoCloseable {
    @Override
    public void close() {
      ManagedChannel unused = channel.shutdownNow();
    }
  }

  DevDirectory devDirectory() {
    return new DevDirectory(devDirectory);
  }

  /** Whether the user is told by a token from outside of the development directory. */
  boolean hasOwnToken() {
    return token != null || tokenFile != null || !environmentToken().isEmpty();
  }

  /** Prepares a connection for this user; errors in the options show here, not later. */
  Connection open(String userId, Executor callbackExecutor) {
    List<String> chosen = chosenServers();
    TokenSource tokens = tokens(userId);
    String unused = tokens.token();
    ManagedChannel channel;
    try {
      channel = PresenceChannels.forServers(chosen, !tls);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
    PresenceClient client =
        PresenceClient.builder(channel)
            .tokens(tokens)
            .device("cli")
            .callbackExecutor(callbackExecutor)
            .build();
    return new Connection(chosen, channel, client);
  }

  private List<String> chosenServers() {
    List<String> all = servers.isEmpty() ? devDirectory().servers() : servers;
    if (server == null) {
      return all;
    }
    if (server < 1 || server > all.size()) {
      throw new CliException(
          "--server must be from 1 to " + all.size() + ", the number of servers; found " + server);
    }
    return List.of(all.get(server - 1));
  }

  private TokenSource tokens(String userId) {
    String given = token == null && tokenFile == null ? environmentToken() : token;
    if (given != null && !given.isEmpty()) {
      return () -> given;
    }
    Path file = tokenFile;
    return file == null ? () -> devDirectory().token(userId) : () -> read(file);
  }

  private static String environmentToken() {
    String given = System.getenv("PRESENCE_TOKEN");
    return given == null ? "" : given.strip();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CliException("cannot read the token file " + file);
    }
  }
}
