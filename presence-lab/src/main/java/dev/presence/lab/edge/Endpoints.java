package dev.presence.lab.edge;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The file that tells Envoy where the servers are. Envoy notices a file that is renamed into place,
 * not one that is written to; and so it never reads half of one.
 */
public final class Endpoints {

  private final Path file;

  /** Writes to this file. */
  public Endpoints(Path file) {
    this.file = file;
  }

  /**
   * Replaces the servers. Live streams on those left out go on; new calls stop at once.
   *
   * @param addresses of the form {@code ip:port}
   */
  public void write(List<String> addresses) {
    Map<String, Object> assignment =
        Map.of(
            "@type",
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
            "cluster_name",
            "presence",
            "endpoints",
            List.of(Map.of("lb_endpoints", addresses.stream().map(Endpoints::endpoint).toList())));
    String text = JSONObjectUtils.toJSONString(Map.of("resources", List.of(assignment)));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(fresh, text + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the servers' addresses for Envoy cannot be written", e);
    }
  }

  private static Map<String, Object> endpoint(String address) {
    int colon = address.lastIndexOf(':');
    Map<String, Object> socket =
        Map.of(
            "address",
            address.substring(0, colon),
            "port_value",
            Integer.valueOf(address.substring(colon + 1)));
    return Map.of("endpoint", Map.of("address", Map.of("socket_address", socket)));
  }
}
