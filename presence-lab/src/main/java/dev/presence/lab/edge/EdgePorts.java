package dev.presence.lab.edge;

import dev.presence.lab.store.FreePorts;

/**
 * Where Envoy listens, on the loopback.
 *
 * @param plain gRPC, gRPC-Web, REST and the page
 * @param tls the same with TLS
 * @param admin Envoy's own page
 */
public record EdgePorts(int plain, int tls, int admin) {

  /** Three that are free now. */
  public static EdgePorts free() {
    return new EdgePorts(FreePorts.any(), FreePorts.any(), FreePorts.any());
  }
}
