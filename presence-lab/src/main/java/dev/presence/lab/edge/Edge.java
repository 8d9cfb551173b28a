package dev.presence.lab.edge;

import dev.presence.lab.store.Orphans;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Envoy in front of some servers, on this machine. */
public final class Edge implements AutoCloseable {

  private final EdgePorts ports;
  private final Endpoints endpoints;
  private final Supplier<EnvoyProcess> start;
  private EnvoyProcess process;
  private final Path accessLog;

  private Edge(EdgePorts ports, Endpoints endpoints, Supplier<EnvoyProcess> start, Path accessLog) {
    this.ports = ports;
    this.endpoints = endpoints;
    this.start = start;
    this.process = start.get();
    this.accessLog = accessLog;
  }

  /**
   * Starts it, and waits until it takes calls.
   *
   * @param root of the project
   * @param directory for its files and its logs
   * @param jwks the keys that the servers have as well
   * @param servers their addresses
   * @throws IllegalStateException if it does not start; the message is one clear line
   */
  public static Edge start(
      Path root, Path directory, EdgePlan plan, Path jwks, List<String> servers, Orphans orphans) {
    Path binary = EnvoyBinary.find(root, System.getenv());
    DevCertificate certificate = DevCertificate.in(plan.certificates());
    EdgeConfig config = EdgeConfig.development(root, directory, plan, certificate, jwks);
    Path written = config.write(directory);
    Endpoints endpoints = new Endpoints(config.endpoints());
    endpoints.write(servers);
    return new Edge(
        plan.ports(),
        endpoints,
        () -> EnvoyProcess.start(binary, written, directory, plan.ports().admin(), orphans),
        config.accessLog());
  }

  /** Where it listens. */
  public EdgePorts ports() {
    return ports;
  }

  /** Where native clients reach it: host and port. */
  public String address() {
    return "127.0.0.1:" + ports.plain();
  }

  /** The servers behind it, to be replaced while it runs. */
  public Endpoints endpoints() {
    return endpoints;
  }

  /** What it writes down of the calls that it passes on. */
  public Path accessLog() {
    return accessLog;
  }

  /** The Envoy. */
  public EnvoyProcess process() {
    return process;
  }

  /** Lets it die as by kill -9: every connection through it is cut. */
  public void kill() {
    process.kill();
  }

  /** Starts it again on the same ports, and waits until it takes calls. */
  public void startAgain() {
    process = start.get();
  }

  @Override
  public void close() {
    process.close();
  }
}
