package dev.presence.lab.chaos.scenario;

import dev.presence.lab.fleet.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A wrong wall clock for one process, by libfaketime; its monotonic clock stays as it is. */
final class FakeTime {

  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib64/faketime/libfaketimeMT.so.1",
          "/usr/lib/faketime/libfaketimeMT.so.1",
          "/usr/local/lib/faketime/libfaketimeMT.so.1");

  private FakeTime() {}

  /**
   * The environment of a process whose clock is ahead.
   *
   * @throws IllegalStateException with one line for the user, if libfaketime is not there
   */
  static Map<String, String> ahead(Duration by) {
    String named = System.getenv().getOrDefault("LIBFAKETIME", "");
    String library =
        Stream.concat(Stream.of(named), PLACES.stream())
            .filter(place -> !place.isEmpty() && Files.exists(Path.of(place)))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "libfaketime is not there; install it (your package manager: 'faketime'),"
                            + " or name its libfaketimeMT.so.1 in LIBFAKETIME"));
    return Map.of(
        "LD_PRELOAD",
        library,
        "FAKETIME",
        "+" + by.toSeconds() + "s",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1");
  }

  /** Whether a process has loaded it. */
  static boolean holds(ServerProcess server) {
    try {
      return Files.readString(Path.of("/proc/" + server.pid() + "/maps")).contains("libfaketime");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
