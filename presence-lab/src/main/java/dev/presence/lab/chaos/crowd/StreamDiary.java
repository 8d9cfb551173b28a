package dev.presence.lab.chaos.crowd;

import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.chaos.oracle.Deed;
import dev.presence.lab.clients.RunClock;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.ServerMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a client sends, and when it is without a stream: of two that overlap, while a
 * client moves, only the end of the newer one counts.
 */
final class StreamDiary implements ClientInterceptor {

  private final ClientLog log;
  private final RunClock clock;
  private final LongConsumer lost;

  /** The stream that was greeted last, until it ends. */
  private final AtomicReference<@Nullable Object> current = new AtomicReference<>();

  StreamDiary(ClientLog log, RunClock clock, LongConsumer lost) {
    this.log = log;
    this.clock = clock;
    this.lost = lost;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new Noted<>(next.newCall(method, options));
  }

  private final class Noted<Q, A> extends SimpleForwardingClientCall<Q, A> {
    Noted(ClientCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendMessage(Q message) {
      boolean open = message instanceof ClientMessage sent && sent.hasOpen();
      log.note(clock.micros(), open ? Deed.OPENED : Deed.SENT);
      super.sendMessage(message);
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onMessage(A message) {
              if (message instanceof ServerMessage came && came.hasHello()) {
                current.set(Noted.this);
              }
              super.onMessage(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              ended();
              super.onClose(status, trailers);
            }
          },
          headers);
    }

    /** The library gives it up. */
    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      ended();
      super.cancel(message, cause);
    }

    private void ended() {
      if (current.compareAndSet(this, null)) {
        lost.accept(clock.micros());
      }
    }
  }
}
