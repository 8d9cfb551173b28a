package dev.presence.lab.behaviour;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from one client to the servers: it can be cut under the library, which is not told, and
 * lead to another server after.
 */
final class Network extends Channel {

  private final List<? extends Channel> ways;
  private final Set<ClientCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private volatile int way;
  private volatile boolean shut;
  private volatile Instant lastSent = Instant.EPOCH;

  /**
   * A network.
   *
   * @param ways there are
   * @param way the one that is taken first
   */
  Network(List<? extends Channel> ways, int way) {
    this.ways = ways;
    this.way = way;
  }

  /** Lets nothing new through; what is under way goes on. */
  void shut() {
    shut = true;
  }

  /** Cuts what is under way, and lets nothing through. */
  void cut() {
    shut();
    calls.forEach(Network::cut);
  }

  private static void cut(ClientCall<?, ?> call) {
    call.cancel("the network is cut", null);
  }

  /** Lets calls through again, on this way. */
  void mend(int onWay) {
    way = onWay;
    shut = false;
  }

  /** When the client's last message left: its last sign of life, as the client knows it. */
  Instant lastSent() {
    return lastSent;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    if (shut) {
      return new Unreachable<>();
    }
    return new Passing<>(ways.get(way).newCall(method, options));
  }

  @Override
  public String authority() {
    return ways.get(way).authority();
  }

  private final class Passing<Q, A> extends SimpleForwardingClientCall<Q, A> {
    Passing(ClientCall<Q, A> call) {
      super(call);
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      calls.add(this);
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              calls.remove(Passing.this);
              super.onClose(status, trailers);
            }
          },
          headers);
      if (shut) { // just now, so the cut may have missed this call
        cut(this);
      }
    }

    @Override
    public void sendMessage(Q message) {
      lastSent = Instant.now();
      super.sendMessage(message);
    }
  }

  private static final class Unreachable<Q, A> extends ClientCall<Q, A> {
    @Override
    public void start(Listener<A> listener, Metadata headers) {
      listener.onClose(Status.UNAVAILABLE.withDescription("no network"), new Metadata());
    }

    @Override
    public void request(int count) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Q message) {}
  }
}
