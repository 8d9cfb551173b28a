package dev.presence.client;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a list of servers, {@code presence:///host:port,host:port}, to all their addresses.
 * Hosts are looked up again whenever the channel has lost a connection; one that cannot be found is
 * left out while others can.
 */
final class ServersNameResolver extends NameResolver {
  static final String SCHEME = "presence";

  private final List<HostAndPort> servers;
  private final Executor lookupExecutor;
  private final SynchronizationContext channelContext;
  private @Nullable Listener2 listener;
  private boolean lookingUp;
  private boolean shutDown;

  private record HostAndPort(String host, int port) {
    static HostAndPort parse(String server) {
      URI uri;
      try {
        uri = URI.create("x://" + server.strip());
      } catch (IllegalArgumentException e) {
        throw malformed(server);
      }
      if (uri.getHost() == null || uri.getPort() < 0 || !uri.getPath().isEmpty()) {
        throw malformed(server);
      }
      return new HostAndPort(uri.getHost(), uri.getPort());
    }

    private static IllegalArgumentException malformed(String server) {
      return new IllegalArgumentException("a server must be host:port, found '" + server + "'");
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  ServersNameResolver(String list, Executor lookupExecutor, SynchronizationContext context) {
    this.servers = parse(List.of(list.split(",", -1)));
    this.lookupExecutor = lookupExecutor;
    this.channelContext = context;
  }

  /** What to give to a channel builder. */
  static String target(List<String> servers) {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("at least one server must be given as host:port");
    }
    StringBuilder target = new StringBuilder(SCHEME + ":///");
    for (HostAndPort server : parse(servers)) {
      target.append(server).append(',');
    }
    target.setLength(target.length() - 1);
    return target.toString().replace("[", "%5B").replace("]", "%5D");
  }

  private static List<HostAndPort> parse(List<String> servers) {
    return servers.stream().map(HostAndPort::parse).toList();
  }

  /** The name for what is common to all; each address brings an authority of its own. */
  @Override
  public String getServiceAuthority() {
    return servers.get(0).toString();
  }

  @Override
  public void start(Listener2 newListener) {
    listener = newListener;
    lookUp();
  }

  @Override
  public void refresh() {
    lookUp();
  }

  private void lookUp() {
    if (lookingUp || shutDown) {
      return;
    }
    lookingUp = true;
    lookupExecutor.execute(
        () -> {
          ResolutionResult found =
              ResolutionResult.newBuilder().setAddressesOrError(addresses()).build();
          channelContext.execute(() -> tell(found));
        });
  }

  private void tell(ResolutionResult found) {
    lookingUp = false;
    if (!shutDown && listener != null) {
      Status unused = listener.onResult2(found);
    }
  }

  private StatusOr<List<EquivalentAddressGroup>> addresses() {
    List<EquivalentAddressGroup> found = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (HostAndPort server : servers) {
      try {
        for (InetAddress address : InetAddress.getAllByName(server.host())) {
          found.add(
              new EquivalentAddressGroup(
                  new InetSocketAddress(address, server.port()),
                  Attributes.newBuilder()
                      .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, server.toString())
                      .build()));
        }
      } catch (UnknownHostException e) {
        unknown.add(server.host());
      }
    }
    return found.isEmpty()
        ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("unknown host: " + unknown))
        : StatusOr.fromValue(found);
  }

  @Override
  public void shutdown() {
    shutDown = true;
  }
}
