package dev.presence.lab.replay.stage;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections to where clients come in: a few that all clients share, and one of its own for
 * each client whose whole connection is going to be dropped.
 */
final class Links implements AutoCloseable {

  private static final long CONNECT_TIMEOUT_NANOS = 30_000_000_000L;

  private final int connections;
  private final List<List<ManagedChannel>> shared = new ArrayList<>();
  private final List<Relay> relays = new ArrayList<>();

  /**
   * Connections to be.
   *
   * @param doors where clients come in
   * @param connections how many to each door are shared
   */
  Links(List<InetSocketAddress> doors, int connections) {
    this.connections = connections;
    for (InetSocketAddress door : doors) {
      List<ManagedChannel> channels = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        channels.add(channel(door));
      }
      shared.add(channels);
      relays.add(new Relay(door));
    }
  }

  /** Connects the shared ones, so that the first messages do not wait for that. */
  void connect() throws InterruptedException {
    long deadline = System.nanoTime() + CONNECT_TIMEOUT_NANOS;
    for (List<ManagedChannel> channels : shared) {
      for (ManagedChannel channel : channels) {
        while (channel.getState(true) != ConnectivityState.READY) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException("a server takes no connections");
          }
          Thread.sleep(1);
        }
      }
    }
  }

  private static ManagedChannel channel(InetSocketAddress address) {
    return Grpc.newChannelBuilderForAddress(
            address.getHostString(), address.getPort(), InsecureChannelCredentials.create())
        .build();
  }

  /**
   * A shared connection to a server; the same client always gets the same one. Where there is but
   * one door, the server is chosen behind it.
   */
  Channel shared(int server, int client) {
    return shared.get(door(server)).get(client % connections);
  }

  /** A new connection to a server that can be dropped. */
  ManagedChannel own(int server) {
    return channel(relays.get(door(server)).address());
  }

  /** Drops a connection that was made from this local port. */
  boolean drop(int server, int localPort) {
    return relays.get(door(server)).drop(localPort);
  }

  private int door(int server) {
    return server % relays.size();
  }

  @Override
  public void close() {
    shared.forEach(channels -> channels.forEach(ManagedChannel::shutdownNow));
    relays.forEach(Relay::close);
  }
}
