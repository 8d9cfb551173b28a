package dev.presence.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The port on which servers speak to each other. It is not routed from outside.
 *
 * @param host the address to bind
 * @param port 1 to 65535
 * @param address where other servers reach it, {@code host:port}
 * @param tls by which both sides prove who they are; null: in plain text
 */
public record InternalConfig(String host, int port, String address, @Nullable Tls tls) {

  /**
   * PEM files for mutual TLS.
   *
   * @param certificate this server's chain; it must name the host of the address above
   * @param key its private key
   * @param authority who signs the certificates of all servers
   */
  public record Tls(Path certificate, Path key, Path authority) {}
}
