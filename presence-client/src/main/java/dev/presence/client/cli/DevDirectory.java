package dev.presence.client.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** What {@code ./presence up} leaves for us: where its servers are, and tokens of its users. */
final class DevDirectory {
  private final Path directory;

  DevDirectory(Path directory) {
    this.directory = directory;
  }

  /** The servers that are running, or were. */
  List<String> servers() {
    Path file = directory.resolve("dev.properties");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new CliException(
          "no servers known: " + file + " cannot be read; run ./presence up, or give --servers");
    }
    String servers = properties.getProperty("servers", "");
    if (servers.isBlank()) {
      throw new CliException(
          "no servers known: " + file + " has no 'servers'; run ./presence up, or give --servers");
    }
    return List.of(servers.strip().split("\\s*,\\s*"));
  }

  boolean hasToken(String userId) {
    return Files.isReadable(tokenFile(userId));
  }

  /** The user's token, read anew each time, since it may have been renewed. */
  String token(String userId) {
    try {
      return Files.readString(tokenFile(userId)).strip();
    } catch (IOException e) {
      throw new CliException(
          "no token for "
              + userId
              + ": "
              + tokenFile(userId)
              + " cannot be read; run ./presence up, or give --token");
    }
  }

  private Path tokenFile(String userId) {
    return directory.resolve("tokens").resolve(userId + ".jwt");
  }
}
