package dev.presence.client;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
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
  private final Loop loop;
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
    this.loop = loop;
    this.options = CallOptions.DEFAULT.withWaitForReady().withExecutor(loop);
  }

  @Override
  public Stream open(String token, @Nullable SocketAddress avoid, Events events) {
    if (underlying != null) {
      underlying.resetConnectBackoff();
    }
    ServerChoice.Turn turn = new ServerChoice.Turn(avoid);
    GrpcStream stream = new GrpcStream(turn, events);
    try {
      stream.start(
          channel.newCall(
              PresenceServiceGrpc.getConnectMethod(), options.withOption(ServerChoice.TURN, turn)),
          token);
    } catch (RuntimeException e) { // by an interceptor of the app's: as good as a lost connection
      loop.execute(() -> stream.onClose(Status.fromThrowable(e), new Metadata()));
    }
    return stream;
  }

  private final class GrpcStream extends ClientCall.Listener<ServerMessage> implements Stream {
    private final ServerChoice.Turn turn;
    private final Events events;
    private @Nullable ClientCall<ClientMessage, ServerMessage> call;
    private boolean over;
    private boolean halfClosed;

    GrpcStream(ServerChoice.Turn turn, Events events) {
      this.turn = turn;
      this.events = events;
    }

    void start(ClientCall<ClientMessage, ServerMessage> newCall, String token) {
      newCall.start(this, Authorization.header(token));
      newCall.request(1);
      call = newCall;
    }

    @Override
    public void onMessage(ServerMessage message) {
      if (!over) {
        events.onMessage(message);
      }
      if (!over && call != null) {
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
      if (call != null && !over && !halfClosed) {
        call.sendMessage(message);
      }
    }

    @Override
    public void halfClose() {
      if (call != null && !over && !halfClosed) {
        halfClosed = true;
        call.halfClose();
      }
    }

    @Override
    public void cancel(String why) {
      over = true;
      if (call != null) {
        call.cancel(why, null);
      }
    }

    @Override
    public @Nullable SocketAddress peer() {
      return turn.chosen();
    }
  }
}
