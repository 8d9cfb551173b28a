package dev.presence.lab.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;

/** The seeds that were wrong once, a line each in a file of the source tree. */
final class FoundSeeds {

  private static final Path FILE =
      Path.of(System.getProperty("presence.root", ".."))
          .resolve("presence-lab/src/test/resources/dev/presence/lab/simulation/found-seeds.txt");

  private FoundSeeds() {}

  static List<Long> all() {
    try (var lines = Files.lines(FILE)) {
      return lines.filter(line -> !line.startsWith("#")).map(Long::parseLong).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds what another run has found. */
  static void keep(Collection<Long> seeds) throws IOException {
    Files.write(
        FILE, seeds.stream().map(seed -> Long.toString(seed)).toList(), StandardOpenOption.APPEND);
  }
}
