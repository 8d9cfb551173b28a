package dev.presence.lab.replay.stage;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What it takes to hold sessions with the web library.
 *
 * @param library the folder of presence-web, which has been built
 * @param log where the process that holds them complains
 * @param origin where browsers would reach the servers, such as {@code http://127.0.0.1:8080}
 */
public record WebVenue(Path library, Path log, String origin) {

  /** Checks that the library is there. */
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
