package dev.presence.lab.edge;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds Envoy: {@code $ENVOY}, on the PATH, or where {@code ./presence} has put it. */
public final class EnvoyBinary {

  private static final String FETCHED = ".presence/envoy-1.40.0/envoy";

  private EnvoyBinary() {}

  /**
   * The executable.
   *
   * @throws IllegalStateException with one line for the user, if there is none
   */
  public static Path find(Path root, Map<String, String> environment) {
    String named = environment.getOrDefault("ENVOY", "");
    if (!named.isEmpty()) {
      return required(Path.of(named));
    }
    List<Path> places = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      places.add(Path.of(folder, "envoy"));
    }
    places.add(root.resolve(FETCHED));
    return places.stream()
        .filter(EnvoyBinary::isProgram)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Envoy is not on the PATH; ./presence fetches it, or set ENVOY"));
  }

  /** A folder is executable too, and the project has one of this very name. */
  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  private static Path required(Path named) {
    if (!isProgram(named)) {
      throw new IllegalStateException("ENVOY is '" + named + "', expected an executable file");
    }
    return named;
  }
}
