package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.session.Sessions;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.SubscribeRequest;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Takes the streams: two ways in to the same sessions, and one way out. */
final class StreamHandlers {

  private final Sessions sessions;
  private final FrameEncoder encoder;
  private final Duration slowConsumer;
  private final LongSupplier monotonicMillis;

  /**
   * Handlers for one server.
   *
   * @param slowConsumer for how long a client may take nothing
   * @param monotonicMillis the monotonic clock, in milliseconds
   */
  StreamHandlers(
      Sessions sessions,
      FrameEncoder encoder,
      Duration slowConsumer,
      LongSupplier monotonicMillis) {
    this.sessions = sessions;
    this.encoder = encoder;
    this.slowConsumer = slowConsumer;
    this.monotonicMillis = monotonicMillis;
  }

  ServerCallHandler<ClientMessage, Frame> connect() {
    return (call, headers) -> {
      StreamWriter writer = writer(call);
      call.request(1);
      return new ConnectCall(call, Caller.current(), sessions, writer);
    };
  }

  ServerCallHandler<SubscribeRequest, Frame> subscribe() {
    return (call, headers) -> {
      StreamWriter writer = writer(call);
      // One more than there should be, so that a second one is noticed.
      call.request(2);
      return new SubscribeCall(Caller.current(), sessions, writer);
    };
  }

  private StreamWriter writer(ServerCall<?, Frame> call) {
    return new StreamWriter(call, Caller.current().user(), encoder, slowConsumer, monotonicMillis);
  }
}
