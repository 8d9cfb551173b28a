package dev.presence.lab.up;

import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.store.FreePorts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ports of {@code up}: Envoy's 8080, 8443 and 9901, the servers' 9101, 9201 and on, all shifted
 * by {@code PRESENCE_PORT_BASE}.
 */
record Ports(int shift) {

  private static final int EDGE = 8080;
  private static final int EDGE_TLS = 8443;
  private static final int FIRST_GRPC = 9101;
  private static final int EDGE_ADMIN = 9901;
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
    int least = 1 - EDGE;
    int most = MAX_PORT - EDGE_ADMIN;
    if (shift < least || shift > most) {
      throw new IllegalStateException(
          "PRESENCE_PORT_BASE is "
              + shift
              + ", which puts ports outside of 1 to "
              + MAX_PORT
              + "; expected "
              + least
              + " to "
              + most);
    }
    return new Ports(shift);
  }

  /** The first server's; the others follow. */
  int firstGrpc() {
    return FIRST_GRPC + shift;
  }

  EdgePorts edge() {
    return new EdgePorts(EDGE + shift, EDGE_TLS + shift, EDGE_ADMIN + shift);
  }

  /** Each port with what needs it. */
  private Map<Integer, String> all() {
    Map<Integer, String> all = new LinkedHashMap<>();
    all.put(edge().plain(), "Envoy");
    all.put(edge().tls(), "Envoy");
    all.put(edge().admin(), "Envoy");
    for (int number = 0; number < SERVERS; number++) {
      String server = "server" + (number + 1);
      all.put(firstGrpc() + number, server);
      all.put(firstGrpc() + number + Fleet.INTERNAL_OFFSET, server);
    }
    return all;
  }

  /**
   * Makes sure that nobody listens there.
   *
   * @throws IllegalStateException with one line for the user
   */
  void requireFree() {
    all()
        .forEach(
            (port, user) -> {
              if (!FreePorts.isFree(port)) {
                throw new IllegalStateException(
                    "port "
                        + port
                        + ", which "
                        + user
                        + " needs, is in use; end what listens there, or shift all ports with"
                        + " PRESENCE_PORT_BASE="
                        + (shift + OTHER_SHIFT));
              }
            });
  }
}
