package dev.presence.lab;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the lab works.
 *
 * @param root of the project, whose jars have been built
 * @param directory for keys, data, configuration and logs; never committed
 */
public record Home(Path root, Path directory) {

  /**
   * As the script {@code ./presence} says: the root in the system property {@code presence.root},
   * the directory in the variable {@code PRESENCE_HOME}, {@code .presence} in the root unless that
   * is set.
   */
  public static Home of(Map<String, String> environment) {
    Path root = Path.of(System.getProperty("presence.root", ".")).toAbsolutePath().normalize();
    String home = environment.getOrDefault("PRESENCE_HOME", "");
    return new Home(
        root, home.isEmpty() ? root.resolve(".presence") : Path.of(home).toAbsolutePath());
  }

  /** The development keys. */
  public Path keys() {
    return directory.resolve("keys");
  }

  /** The certificate for localhost. */
  public Path certificates() {
    return directory.resolve("tls");
  }

  /** What a run of {@code up} leaves: configuration, data and logs. */
  public Path run() {
    return directory.resolve("run");
  }
}
