package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.session.Sessions;
import dev.presence.v1.ClientMessage;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Takes the calls of Connect. */
final class ConnectHandler implements ServerCallHandler<ClientMessage, Frame> {

  private final Sessions sessions;
  private final FrameEncoder encoder;
  private final Duration slowConsumer;
  private final LongSupplier monotonicMillis;

  /**
   * A handler for one server.
   *
   * @param slowConsumer for how long a client may take nothing
   * @param monotonicMillis the monotonic clock, in milliseconds
   */
  ConnectHandler(
      Sessions sessions,
      FrameEncoder encoder,
      Duration slowConsumer,
      LongSupplier monotonicMillis) {
    this.sessions = sessions;
    this.encoder = encoder;
    this.slowConsumer = slowConsumer;
    this.monotonicMillis = monotonicMillis;
  }

  @Override
  public ServerCall.Listener<ClientMessage> startCall(
      ServerCall<ClientMessage, Frame> call, Metadata headers) {
    StreamWriter writer = new StreamWriter(call, encoder, slowConsumer, monotonicMillis);
    call.request(1);
    return new ConnectCall(call, Caller.current(), sessions, writer);
  }
}
