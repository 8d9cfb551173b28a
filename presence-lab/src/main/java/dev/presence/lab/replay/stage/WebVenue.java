package dev.presence.lab.replay.stage;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What it takes to hold sessions with the web library.
 *
 * @param node the program that runs it
 * @param library the folder of presence-web, which has been built
 * @param log where the process that holds them complains
 * @param origin where browsers would reach the servers, such as {@code http://127.0.0.1:8080}
 */
public record WebVenue(Path node, Path library, Path log, String origin) {

  /**
   * One with the {@code node} on the PATH.
   *
   * @throws IllegalStateException with one line for the user, if something is missing
   */
  public static WebVenue of(Path library, Path log, String origin) {
    String path = System.getenv().getOrDefault("PATH", "");
    Path node =
        Stream.of(path.split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "node"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "node is not on the PATH; install Node 20.19 or newer"));
    return new WebVenue(node, library, log, origin);
  }

  /** Checks that the library has been built. */
  public WebVenue {
    if (!Files.exists(library.resolve("dist/index.js"))
        || !Files.exists(library.resolve("node_modules/undici"))) {
      throw new IllegalStateException(
          library
              + " is not built; ./presence builds it, or 'npm ci --ignore-scripts && npm run"
              + " build' in that folder");
    }
  }

  Path script() {
    return library.resolve("replay/company.mjs");
  }
}
