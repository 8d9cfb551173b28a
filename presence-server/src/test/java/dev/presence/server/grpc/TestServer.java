package dev.presence.server.grpc;

import dev.presence.server.PresenceCore;
import dev.presence.server.auth.KeySet;
import dev.presence.server.auth.SigningKey;
import dev.presence.server.auth.TokenVerifier;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.cluster.Witnesses.Testimony;
import dev.presence.server.config.GrpcConfig;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.loop.ThreadEventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Timings;
import dev.presence.server.roster.Rosters;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A server with everything that production has but the stores: the real core, the real
 * interceptors, in this process or on a real port.
 */
final class TestServer implements AutoCloseable {

  static final String NODE = "test-node";

  /** By which a proxy in front would know it. */
  static final String ADDRESS = "192.0.2.1:9101";

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  final SigningKey key = new SigningKey("test");
  final TestRosters rosters = new TestRosters();
  final PresenceCore core;
  final GrpcServer server;
  private final List<ThreadEventLoop> loops = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final String name = UUID.randomUUID().toString();
  private final Path jwks = Files.createTempFile("presence-jwks-", ".json");
  private final boolean onPort;

  /** A server in this process, with the periods of production. */
  static TestServer inProcess() throws IOException {
    return withTimings(Timings.DEFAULT);
  }

  /** A server in this process, with other periods. */
  static TestServer withTimings(Timings timings) throws IOException {
    return new TestServer(
        false, Duration.ofMinutes(2), Thread::startVirtualThread, Limits.AWAITED_ROSTERS, timings);
  }

  /** A server on a free port of the loopback. */
  static TestServer onPort(Duration slowConsumer) throws IOException {
    return new TestServer(
        true, slowConsumer, Thread::startVirtualThread, Limits.AWAITED_ROSTERS, Timings.DEFAULT);
  }

  /**
   * A server in this process whose rosters come slowly.
   *
   * @param awaited how many may be awaited before there is no room for more
   */
  static TestServer slow(Duration perLoad, int awaited) throws IOException {
    Executor late = CompletableFuture.delayedExecutor(perLoad.toMillis(), TimeUnit.MILLISECONDS);
    return new TestServer(false, Duration.ofMinutes(2), late, awaited, Timings.DEFAULT);
  }

  private TestServer(
      boolean onPort, Duration slowConsumer, Executor loading, int awaited, Timings timings)
      throws IOException {
    this.onPort = onPort;
    ThreadEventLoop clusterLoop = loop("cluster");
    List<ThreadEventLoop> lanes = List.of(loop("lane-0"), loop("lane-1"));
    core =
        new PresenceCore(
            new NodeId(NODE),
            "",
            timings,
            clusterLoop,
            lanes,
            new SharedClock(clusterLoop),
            new LoneStore(),
            new LoneTopic(),
            new Rosters(
                rosters,
                clusterLoop,
                loading,
                Rosters.DEFAULT_CACHED_CONTACTS,
                Rosters.DEFAULT_MAX_AGE,
                awaited),
            new NoEvents(),
            (user, wish) -> {},
            (address, call) -> CompletableFuture.completedFuture(Reception.UNREACHABLE),
            (address, alone) -> CompletableFuture.completedFuture(Testimony.SILENT),
            new SecureRandom());
    GrpcConfig config = new GrpcConfig("127.0.0.1", 0, ADDRESS, true, slowConsumer);
    GrpcServer.Verbs verbs =
        new GrpcServer.Verbs(core.sessions(), core.calls(), core.queries(), core.directory());
    server =
        onPort
            ? new GrpcServer(config, tokens(), verbs, timings, NODE)
            : new GrpcServer(
                InProcessServerBuilder.forName(name), config, tokens(), verbs, timings, NODE);
    server.start();
  }

  private ThreadEventLoop loop(String loopName) {
    ThreadEventLoop loop = new ThreadEventLoop(loopName);
    loops.add(loop);
    return loop;
  }

  private TokenVerifier tokens() {
    SigningKey.publish(jwks, key);
    KeySet keys = new KeySet(jwks, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    return new TokenVerifier(keys, "presence", InstantSource.system());
  }

  /** Joins the fleet, which has nobody else, and serves. */
  TestServer serve() {
    core.start(CompletableFuture.completedFuture(List.of()))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
    server.serve();
    return this;
  }

  /** Ends all streams, as at the end of a server. */
  void drainSessions() {
    core.sessions().hurry().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** A new connection. */
  ManagedChannel channel() {
    ManagedChannel channel =
        onPort
            ? NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .flowControlWindow(64 * 1024)
                .build()
            : InProcessChannelBuilder.forName(name).build();
    channels.add(channel);
    return channel;
  }

  PresenceServiceGrpc.PresenceServiceBlockingStub callsWithToken(String token) {
    return authorized(
        PresenceServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(10, TimeUnit.SECONDS),
        "Bearer " + token);
  }

  /** Unary calls of this user. */
  PresenceServiceGrpc.PresenceServiceBlockingStub callsOf(String user) {
    return callsWithToken(key.token(user));
  }

  /** Unary calls of a service that may see every user. */
  PresenceServiceGrpc.PresenceServiceBlockingStub callsOfService() {
    return callsWithToken(key.token("service", "presence.read.any"));
  }

  /** A stream of this user, not yet opened. */
  TestStream stream(String user) {
    return stream(user, channel());
  }

  /** The same on a connection that others use too. */
  TestStream stream(String user, ManagedChannel shared) {
    return new TestStream(
        authorized(PresenceServiceGrpc.newStub(shared), "Bearer " + key.token(user)));
  }

  static <S extends AbstractStub<S>> S authorized(S stub, String authorization) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, authorization);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Override
  public void close() throws IOException {
    channels.forEach(ManagedChannel::shutdownNow);
    core.cluster().stop();
    server.stop(Duration.ofSeconds(1));
    loops.forEach(ThreadEventLoop::close);
    Files.delete(jwks);
  }

  private static final class NoEvents implements ClusterEvents {
    @Override
    public void published(ChangeSet changeSet) {}

    @Override
    public void settle(NodeId node, long lastRenewalMillis) {}
  }
}
