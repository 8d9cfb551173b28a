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
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Long.parseLong(line.strip()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds what another run has found. */
  static void keep(Collection<Long> seeds) throws IOException {
    StringBuilder lines = new StringBuilder();
    if (!seeds.isEmpty() && !Files.readString(FILE).endsWith("\n")) {
      lines.append('\n');
    }
    seeds.forEach(seed -> lines.append(seed).append('\n'));
    Files.writeString(FILE, lines, StandardOpenOption.APPEND);
  }
}
