package dev.presence.server.grpc;

import dev.presence.server.auth.TokenVerifier;
import dev.presence.server.config.GrpcConfig;
import dev.presence.server.model.Timings;
import dev.presence.server.presence.Directory;
import dev.presence.server.presence.PresenceQueries;
import dev.presence.server.session.CallRouter;
import dev.presence.server.session.Sessions;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The public port. Life: {@link #start}, {@link #serve}, {@link #drain}, {@link #stop}.
 *
 * <p>Calls run on the transport's own threads, without a hop: no handler blocks, and a heartbeat is
 * answered by the thread that read it. Tokens that have not been seen lately are verified on a few
 * threads of their own, since that takes some 100 µs of computing each.
 */
public final class GrpcServer {

  /**
   * The largest message from a client, the same as the edge's for REST: room for a batch of 1,000
   * ids of up to 60 characters.
   */
  static final int MAX_MESSAGE_BYTES = 64 * 1024;

  private static final int FLOW_CONTROL_WINDOW_BYTES = 256 * 1024;

  /** A proxy in front of us may ping this often, and does so for thousands of users at once. */
  private static final Duration PERMITTED_KEEP_ALIVE = Duration.ofSeconds(5);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Thousands of streams of one proxy may be cancelled at once, and this ends their connection with
   * all the others on it. Against floods of resets the proxy guards its clients' connections.
   */
  private static final int MAX_RESETS = 20_000;

  private static final int RESET_WINDOW_SECONDS = 30;
  private static final Duration FORCED_STOP_TIMEOUT = Duration.ofSeconds(2);

  private final ServingState state = new ServingState();
  private final ExecutorService verifying;
  private final Server server;

  /**
   * What the core does for callers.
   *
   * @param sessions streams
   * @param calls what clients without a stream up say
   * @param queries answers about users
   * @param directory the list of all users
   */
  public record Verbs(
      Sessions sessions, CallRouter calls, PresenceQueries queries, Directory directory) {}

  /**
   * Builds the server; {@link #start} opens the port.
   *
   * @param node what Hello calls this server
   */
  public GrpcServer(
      GrpcConfig config, TokenVerifier tokens, Verbs verbs, Timings timings, String node) {
    this(
        NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
            .permitKeepAliveTime(PERMITTED_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
            .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS),
        config,
        tokens,
        verbs,
        timings,
        node);
  }

  /** The same on another transport. */
  GrpcServer(
      ServerBuilder<?> transport,
      GrpcConfig config,
      TokenVerifier tokens,
      Verbs verbs,
      Timings timings,
      String node) {
    AtomicInteger number = new AtomicInteger();
    verifying =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            task ->
                Thread.ofPlatform()
                    .name("token-" + number.incrementAndGet())
                    .daemon()
                    .unstarted(task));
    StreamHandlers streams =
        new StreamHandlers(
            verbs.sessions(),
            new FrameEncoder(timings, node, route(config.address())),
            config.slowConsumerPeriod(),
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    transport
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .addService(
            PresenceEntry.bind(
                new PresenceGrpcService(
                    new LookupCalls(verbs.queries()),
                    new ListCalls(verbs.queries(), verbs.directory()),
                    new PageCalls(verbs.calls())),
                streams,
                tokens,
                verifying,
                state))
        .addService(state.healthService());
    if (config.reflection()) {
      transport.addService(ProtoReflectionServiceV1.newInstance());
    }
    server = transport.build();
  }

  /** The address as Envoy's stateful sessions write it in their header. */
  private static String route(String address) {
    return Base64.getEncoder().encodeToString(address.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Opens the port. Health says NOT_SERVING, and calls are sent to other servers, until {@link
   * #serve}.
   *
   * @throws IOException if the address cannot be bound
   */
  public void start() throws IOException {
    server.start();
  }

  /** The port that is open; another one than configured if that was 0. */
  public int port() {
    return server.getPort();
  }

  /** Takes calls from now on. */
  public void serve() {
    state.serve();
  }

  /**
   * Takes no new sessions, and health says NOT_SERVING, until {@link #serve}: others reach the
   * store, and this server does not.
   */
  public void cutOff() {
    state.cutOff();
  }

  /**
   * Says that this server is about to go: health is NOT_SERVING for good, new sessions are refused.
   * Live streams and questions are served on; the sessions' own drain ends the streams.
   */
  public void drain() {
    state.drain();
  }

  /**
   * Closes the port: clients are told to open nothing more here, live calls may end in peace within
   * {@code timeout}, and are then cut.
   */
  public void stop(Duration timeout) {
    state.drain();
    server.shutdown();
    try {
      if (!server.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(FORCED_STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      verifying.shutdownNow();
    }
  }
}
