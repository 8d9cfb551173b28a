package dev.presence.server;

import dev.presence.server.config.CommandLine;
import dev.presence.server.config.CommandLine.Request;
import dev.presence.server.config.ServerConfig;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command {@code presence-server}. SIGTERM and SIGINT end it in an orderly way, see {@link
 * Signals}; its exit status is 0 then.
 */
public final class Main {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Serves until it is told to end. Exit status 1: it could not start; 2: wrong usage. */
  public static void main(String[] args) {
    Request request = CommandLine.parse(args, System.getenv(), System.out, System.err);
    switch (request) {
      case Request.Exit(int status) -> System.exit(status);
      case Request.Serve(ServerConfig config) -> serve(config);
      case Request.Drain(ServerConfig config, boolean hurry) ->
          System.exit(DrainOrder.give(config.internal(), hurry, System.out, System.err));
    }
  }

  private static void serve(ServerConfig config) {
    config.warnings().forEach(warning -> log.atWarn().log("{}", warning));
    try {
      PresenceServer server = PresenceServer.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
      Signals.handle(
          () -> {
            var _ = server.leave();
          },
          server::hurry);
      var _ = server.ended().thenRun(() -> System.exit(0));
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      log.atError().log("the server cannot start: {}", e.getMessage());
      log.atDebug().setCause(e).log("because of this");
      System.exit(1);
    }
  }
}
