package dev.presence.server.peer;

import dev.presence.internal.v1.DrainRequest;
import dev.presence.internal.v1.DrainResponse;
import dev.presence.internal.v1.PeerServiceGrpc;
import dev.presence.internal.v1.ReachesStoreRequest;
import dev.presence.internal.v1.ReachesStoreResponse;
import dev.presence.internal.v1.TellResponse;
import dev.presence.server.cluster.Witnesses;
import dev.presence.server.config.InternalConfig;
import dev.presence.server.session.Peers;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to other servers: a channel each, made when first needed. Thread-safe. */
public final class PeerChannels implements Peers, Witnesses, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PeerChannels.class);

  /** Less than a client waits; a server that hangs must not hold many calls. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Less than the second after which others are asked again. */
  private static final Duration WITNESS_TIMEOUT = Duration.ofMillis(900);

  /** A channel without calls gives its connection back; the addresses of servers come and go. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private final ChannelCredentials credentials;
  private final String self;
  private final ConcurrentHashMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  /** A server that went without a word must not hold the connection to the next one there. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Channels that prove to others who this server is, if that is configured.
   *
   * @throws IOException if a certificate or key cannot be read
   */
  public PeerChannels(InternalConfig config) throws IOException {
    credentials = credentials(config.tls());
    self = config.address();
  }

  private static ChannelCredentials credentials(InternalConfig.@Nullable Tls tls)
      throws IOException {
    if (tls == null) {
      return InsecureChannelCredentials.create();
    }
    return TlsChannelCredentials.newBuilder()
        .keyManager(tls.certificate().toFile(), tls.key().toFile())
        .trustManager(tls.authority().toFile())
        .build();
  }

  @Override
  public CompletionStage<Reception> tell(String address, SessionCall call) {
    Answer<TellResponse, Reception> answer =
        new Answer<>(address, PeerMessages::reception, Reception.UNREACHABLE);
    stub(address, TIMEOUT).tell(PeerMessages.request(call), answer);
    return answer.result;
  }

  @Override
  public CompletionStage<Testimony> reachesStore(String address, boolean alone) {
    Answer<ReachesStoreResponse, Testimony> answer =
        new Answer<>(
            address,
            response -> response.getReached() ? Testimony.REACHED : Testimony.AWAY,
            Testimony.SILENT);
    ReachesStoreRequest request =
        ReachesStoreRequest.newBuilder().setAddress(self).setAlone(alone).build();
    stub(address, WITNESS_TIMEOUT).reachesStore(request, answer);
    return answer.result;
  }

  /**
   * Orders a server to leave, see {@link PeerServer.Drainer}. How many streams it still has; empty
   * if it does not answer. Never fails.
   */
  public CompletableFuture<OptionalInt> drain(String address, boolean hurry) {
    Answer<DrainResponse, OptionalInt> answer =
        new Answer<>(
            address, response -> OptionalInt.of(response.getStreams()), OptionalInt.empty());
    stub(address, TIMEOUT).drain(DrainRequest.newBuilder().setHurry(hurry).build(), answer);
    return answer.result;
  }

  private PeerServiceGrpc.PeerServiceStub stub(String address, Duration timeout) {
    ManagedChannel channel = channels.computeIfAbsent(address, this::open);
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // A server that is back is wanted now, not after a pause that grew while it was away.
      channel.resetConnectBackoff();
    }
    return PeerServiceGrpc.newStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private ManagedChannel open(String address) {
    // With the scheme, since a host may have the name of one.
    return NettyChannelBuilder.forTarget("dns:///" + address, credentials)
        .directExecutor()
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true)
        .idleTimeout(IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .build();
  }

  /** The one message of an answer, or what stands for none. */
  private static final class Answer<M, T> implements StreamObserver<M> {
    final CompletableFuture<T> result = new CompletableFuture<>();
    private final String address;
    private final Function<M, T> reading;
    private final T none;

    Answer(String address, Function<M, T> reading, T none) {
      this.address = address;
      this.reading = reading;
      this.none = none;
    }

    @Override
    public void onNext(M response) {
      result.complete(reading.apply(response));
    }

    @Override
    public void onError(Throwable failure) {
      log.atDebug().addKeyValue("peer", address).setCause(failure).log("a peer did not answer");
      result.complete(none);
    }

    @Override
    public void onCompleted() {
      result.complete(none);
    }
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
