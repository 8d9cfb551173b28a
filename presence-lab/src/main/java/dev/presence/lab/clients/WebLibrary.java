package dev.presence.lab.clients;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The web library, and what runs it.
 *
 * @param node Node
 * @param folder presence-web, which has been built
 */
public record WebLibrary(Path node, Path folder) {

  /**
   * The one of the project at {@code root}, and the {@code node} on the PATH.
   *
   * @throws IllegalStateException with one line for the user, if something is missing
   */
  public static WebLibrary find(Path root, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "");
    Path node =
        Stream.of(path.split(File.pathSeparator, -1))
            .map(place -> Path.of(place, "node"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "node is not on the PATH; install Node 20.19 or newer"));
    Path folder = root.resolve("presence-web");
    if (!Files.exists(folder.resolve("dist/index.js"))
        || !Files.exists(folder.resolve("node_modules/undici"))) {
      throw new IllegalStateException(
          folder
              + " is not built; ./presence builds it, or 'npm ci --ignore-scripts && npm run"
              + " build' in that folder");
    }
    return new WebLibrary(node, folder);
  }

  /** What holds the sessions. */
  Path script() {
    return folder.resolve("replay/company.mjs");
  }
}
