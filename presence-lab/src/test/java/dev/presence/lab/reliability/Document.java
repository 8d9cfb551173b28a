package dev.presence.lab.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The page of promises, and where this project stands. */
final class Document {

  private Document() {}

  static Path root() {
    return Path.of(System.getProperty("presence.root", ".."));
  }

  static List<Promise> promises() throws IOException {
    return Promise.parse(Files.readString(root().resolve("docs/reliability.md")));
  }
}
