package dev.presence.lab.chaos.stage;

import dev.presence.lab.edge.Edge;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.store.Orphans;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Another Envoy in front of the same servers. */
public final class SecondEdge implements AutoCloseable {

  private final Edge edge;

  private SecondEdge(Edge edge) {
    this.edge = edge;
  }

  static SecondEdge start(Stage.Plan plan, Fleet fleet, Orphans orphans) {
    Path directory = plan.directory().resolve("edge2");
    List<String> servers = fleet.servers().stream().map(ServerProcess::address).toList();
    return new SecondEdge(
        Edge.start(
            plan.root(),
            directory,
            EdgePlan.bare(EdgePorts.free(), plan.directory().resolve("tls")),
            plan.directory().resolve("keys").resolve("jwks.json"),
            servers,
            orphans));
  }

  /** Where clients reach it. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.ports().plain());
  }

  /** Lets it die as by kill -9. */
  public void kill() {
    edge.kill();
  }

  /** Starts it again, and waits until it takes calls. */
  public void startAgain() {
    edge.startAgain();
  }

  @Override
  public void close() {
    edge.close();
  }
}
