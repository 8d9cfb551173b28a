package dev.presence.lab.behaviour;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from one client to the servers: it can be cut under the library, which is not told, and
 * lead to another server after.
 */
final class Network extends Channel {

  private final List<Channel> servers;
  private final Set<ClientCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private volatile int server;
  private volatile boolean cut;

  Network(Channel first, Channel second, int server) {
    servers = List.of(first, second);
    this.server = server;
  }

  /** Cuts what is under way, and lets nothing through. */
  void cut() {
    cut = true;
    calls.forEach(call -> call.cancel("the network is cut", null));
  }

  /** Lets calls through again, to this server. */
  void mend(int toServer) {
    server = toServer;
    cut = false;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    if (cut) {
      return new Unreachable<>();
    }
    return new SimpleForwardingClientCall<>(servers.get(server).newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        calls.add(this);
        super.start(listener, headers);
      }
    };
  }

  @Override
  public String authority() {
    return servers.get(server).authority();
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
