package dev.presence.lab.up;

import dev.presence.lab.store.FreePorts;
import java.util.Map;

/** The ports of {@code up}: 9101 and on, all shifted by {@code PRESENCE_PORT_BASE}. */
record Ports(int firstGrpc) {

  private static final int FIRST_GRPC = 9101;
  private static final int MAX_PORT = 65_535;
  private static final int OTHER_SHIFT = 1000;
  static final int SERVERS = 2;

  /**
   * Reads the shift.
   *
   * @throws IllegalStateException with one line for the user
   */
  static Ports of(Map<String, String> environment) {
    String text = environment.getOrDefault("PRESENCE_PORT_BASE", "0");
    int shift;
    try {
      shift = Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "PRESENCE_PORT_BASE is '"
              + text
              + "', expected a whole number that is added to every port",
          e);
    }
    long first = (long) FIRST_GRPC + shift;
    if (first < 1 || first + SERVERS - 1 > MAX_PORT) {
      throw new IllegalStateException(
          "PRESENCE_PORT_BASE is "
              + shift
              + ", which puts the first server on port "
              + first
              + "; expected -9100 to "
              + (MAX_PORT - SERVERS + 1 - FIRST_GRPC));
    }
    return new Ports((int) first);
  }

  /**
   * Makes sure that nobody listens there.
   *
   * @throws IllegalStateException with one line for the user
   */
  void requireFree() {
    for (int number = 0; number < SERVERS; number++) {
      int port = firstGrpc + number;
      if (!FreePorts.isFree(port)) {
        throw new IllegalStateException(
            "port "
                + port
                + ", which server"
                + (number + 1)
                + " needs, is in use; end what listens there, or shift all ports with"
                + " PRESENCE_PORT_BASE="
                + (firstGrpc - FIRST_GRPC + OTHER_SHIFT));
      }
    }
  }
}
