package dev.presence.lab.up;

import dev.presence.lab.Home;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;

/**
 * What {@code up} leaves for the command line: where the servers and the edge are, and tokens of
 * the demo people.
 */
final class DevFiles {

  private static final String SERVERS = "dev.properties";

  private DevFiles() {}

  static void write(Home home, Fleet fleet) throws IOException {
    String servers =
        fleet.servers().stream().map(ServerProcess::address).collect(Collectors.joining(","));
    Files.writeString(
        home.directory().resolve(SERVERS),
        "servers=" + servers + "\nedge=" + fleet.edge().address() + "\n");
    Path tokens = Files.createDirectories(home.directory().resolve("tokens"));
    for (String person : DemoRoster.PEOPLE) {
      writeToken(tokens, person, fleet.tokens().user(person));
    }
    writeToken(tokens, "service", fleet.tokens().service("service", "presence.read.any"));
  }

  /** Nothing listens there any more: who asks is told so, instead of calling in vain. */
  static void forgetServers(Home home) throws IOException {
    Files.deleteIfExists(home.directory().resolve(SERVERS));
  }

  private static void writeToken(Path tokens, String name, String token) throws IOException {
    Path file = tokens.resolve(name + ".jwt");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, token + "\n");
  }
}
