package dev.presence.server.peer;

import dev.presence.server.config.InternalConfig;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The port on which other servers reach this one. */
public final class PeerServer {

  /** Other servers ping this often while nothing is said. */
  private static final Duration PERMITTED_KEEP_ALIVE = Duration.ofSeconds(5);

  private final Server server;

  /** Says to other servers whether this one reaches the store. Thread-safe. */
  @FunctionalInterface
  public interface StoreWitness {

    /**
     * Whether the store has answered just now.
     *
     * @param asker where who asks can be asked, {@code host:port}; empty where it cannot
     * @param alone the asker takes clients in without the store, of whom nobody else knows
     */
    boolean reachesStore(String asker, boolean alone);
  }

  /** Takes an operator's order to leave. Thread-safe. */
  @FunctionalInterface
  public interface Drainer {

    /**
     * Begins to end this server, if it has not begun.
     *
     * @param hurry whether not to wait for clients to move
     * @return how many streams there still are
     */
    CompletionStage<Integer> drain(boolean hurry);
  }

  /**
   * Builds the server; {@link #start} opens the port.
   *
   * @param calls takes what other servers hand on; does not block, and never fails
   * @param witness says to others whether this server reaches the store
   * @param drainer takes orders to leave
   * @throws IOException if a certificate or key cannot be read
   */
  public PeerServer(
      InternalConfig config,
      Function<SessionCall, CompletionStage<Reception>> calls,
      StoreWitness witness,
      Drainer drainer)
      throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(config.host(), config.port()), credentials(config.tls()))
            .directExecutor()
            .permitKeepAliveTime(PERMITTED_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(new PeerGrpcService(calls, witness, drainer))
            .build();
  }

  private static ServerCredentials credentials(InternalConfig.@Nullable Tls tls)
      throws IOException {
    if (tls == null) {
      return InsecureServerCredentials.create();
    }
    return TlsServerCredentials.newBuilder()
        .keyManager(tls.certificate().toFile(), tls.key().toFile())
        .trustManager(tls.authority().toFile())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  /**
   * Opens the port.
   *
   * @throws IOException if the address cannot be bound
   */
  public void start() throws IOException {
    server.start();
  }

  /** Closes the port; what is under way is cut. */
  public void stop() {
    server.shutdownNow();
  }
}
