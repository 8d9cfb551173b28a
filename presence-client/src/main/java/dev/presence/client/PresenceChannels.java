package dev.presence.client;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Channels for a fleet that is reached without a proxy in front of it.
 *
 * <p>Such a channel holds a connection to each of the servers and goes round them stream by stream.
 * A server that is down is skipped by the channel. One that is up but does not answer looks healthy
 * to the channel; so the library remembers who did not answer, and the next try goes to another
 * server, as long as another one is connected. With a channel of another making (over a single
 * address, say), the balance is in that channel's or its proxy's hands.
 */
public final class PresenceChannels {
  /** Longer than 30 days: for gRPC that is never. */
  private static final Duration NEVER = Duration.ofDays(1_000);

  private PresenceChannels() {}

  /**
   * A channel over all these servers. Without keep-alive, because the heartbeats of the sessions
   * say more; and never idle, so that the first try after a pause finds a connection.
   *
   * @param servers each {@code host:port}, an IPv6 address in brackets; at least one
   * @param plaintext without TLS: for development and inside a trusted network only
   * @throws IllegalArgumentException if there is no server, or one that is no {@code host:port}
   */
  public static ManagedChannel forServers(List<String> servers, boolean plaintext) {
    ManagedChannelBuilder<?> builder =
        ManagedChannelBuilder.forTarget(ServersNameResolver.target(servers))
            .defaultLoadBalancingPolicy(ServerChoice.POLICY)
            .idleTimeout(NEVER.toDays(), TimeUnit.DAYS);
    return (plaintext ? builder.usePlaintext() : builder.useTransportSecurity()).build();
  }
}
