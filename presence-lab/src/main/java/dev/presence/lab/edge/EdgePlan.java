package dev.presence.lab.edge;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an edge of development is to be.
 *
 * @param ports where it listens
 * @param certificates the folder of its certificate, which is made there when it is first needed
 * @param page the folder of the page; null for none
 * @param devPort what answers {@code /dev/}; 0 for nothing
 */
public record EdgePlan(EdgePorts ports, Path certificates, @Nullable Path page, int devPort) {

  /** Calls alone: no page, no sign-in. */
  public static EdgePlan bare(EdgePorts ports, Path certificates) {
    return new EdgePlan(ports, certificates, null, 0);
  }
}
