package dev.presence.client;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Streams over gRPC. A call runs its callbacks on the session's loop, so nothing changes threads
 * between the wire and the session.
 *
 * <p>Streams wait for a ready connection rather than fail while one is being made; how long is the
 * session's business (its wait for hello).
 */
final class GrpcTransport implements StreamTransport {
  private final Channel channel;
  private final @Nullable ManagedChannel underlying;
  private final CallOptions options;

  /**
   * Opens streams on a channel.
   *
   * @param underlying the channel whose connect backoff is reset before each stream, since its
   *     pauses between connection attempts would eat up the grace period
   */
  GrpcTransport(Channel channel, @Nullable ManagedChannel underlying, Loop loop) {
    this.channel = channel;
    this.underlying = underlying;
    this.options = CallOptions.DEFAULT.withWaitForReady().withExecutor(loop);
  }

  @Override
  public Stream open(String token, @Nullable SocketAddress avoid, Events events) {
    if (underlying != null) {
      underlying.resetConnectBackoff();
    }
    CallOptions with = avoid == null ? options : options.withOption(ServerChoice.AVOID, avoid);
    ClientCall<ClientMessage, ServerMessage> call =
        channel.newCall(PresenceServiceGrpc.getConnectMethod(), with);
    GrpcStream stream = new GrpcStream(call, events);
    call.start(stream, Authorization.header(token));
    call.request(1);
    return stream;
  }

  private final class GrpcStream extends ClientCall.Listener<ServerMessage> implements Stream {
    private final ClientCall<ClientMessage, ServerMessage> call;
    private final Events events;
    private boolean over;
    private boolean halfClosed;

    GrpcStream(ClientCall<ClientMessage, ServerMessage> call, Events events) {
      this.call = call;
      this.events = events;
    }

    @Override
    public void onMessage(ServerMessage message) {
      if (!over) {
        events.onMessage(message);
        call.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!over) {
        over = true;
        events.onEnd(
            underlying != null && underlying.isShutdown()
                ? StatusDetails.channelShutDown()
                : StatusDetails.of(status, trailers));
      }
    }

    @Override
    public void send(ClientMessage message) {
      if (!over && !halfClosed) {
        call.sendMessage(message);
      }
    }

    @Override
    public void halfClose() {
      if (!over && !halfClosed) {
        halfClosed = true;
        call.halfClose();
      }
    }

    @Override
    public void cancel(String why) {
      if (!over) {
        over = true;
        call.cancel(why, null);
      }
    }

    @Override
    public @Nullable SocketAddress peer() {
      return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }
  }
}
