package dev.presence.lab.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ports that are free now, and files of its own, so that a developer's own "up" is not disturbed.
 */
final class Place {

  static final int FIRST_PORT = 9101;
  static final List<Integer> PORTS = List.of(8080, 8443, FIRST_PORT, 9102, 9201, 9202, 9901);

  private final Path directory;
  private final int shift = Script.freeShift();
  private final Map<String, String> environment = new HashMap<>();

  Place(Path directory) {
    this.directory = directory;
    environment.put("PRESENCE_HOME", directory.resolve("home").toString());
    environment.put("PRESENCE_PORT_BASE", Integer.toString(shift));
  }

  /** The same with one more variable. */
  Place with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Path directory() {
    return directory;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Where one of {@link #PORTS} is here. */
  int port(int unshifted) {
    return unshifted + shift;
  }

  /** Runs the script here. */
  Script presence(String... arguments) {
    return Script.start(directory, environment, List.of(arguments));
  }

  String log(String server) throws IOException {
    return Files.readString(directory.resolve("home/run").resolve(server + ".log"));
  }

  /** All that "up" has started here. PostgreSQL leaves its parent, as daemons do. */
  Set<Long> children(Script up) throws IOException {
    Set<Long> children = new HashSet<>(up.descendants());
    Path file = directory.resolve("home/run/postgres/data/postmaster.pid");
    long postgres = Long.parseLong(Files.readAllLines(file).get(0).strip());
    children.add(postgres);
    ProcessHandle.of(postgres)
        .orElseThrow()
        .descendants()
        .map(ProcessHandle::pid)
        .forEach(children::add);
    return children;
  }
}
