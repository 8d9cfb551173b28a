package dev.presence.lab.replay.stage;

import com.google.protobuf.Duration;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.UpdateStatus;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One stream over a {@link Wire}. The library calls it on its loop, and {@link #sever} anyone. */
final class WireCall extends ClientCall<ClientMessage, ServerMessage> {

  private final Wire wire;
  private final CallOptions options;
  private volatile @Nullable ClientCall<ClientMessage, ServerMessage> real;
  private volatile @Nullable Listener<ServerMessage> library;
  private volatile boolean severed;
  private volatile boolean ended;
  private volatile boolean greeted;
  private boolean told;

  /** Nothing more gets to the library; of a dropped connection all that had come before does. */
  private volatile boolean deaf;

  WireCall(Wire wire, CallOptions options) {
    this.wire = wire;
    this.options = options;
  }

  /** Whether hello came on it, and it has not ended. */
  boolean isUp() {
    return greeted && !severed && !ended;
  }

  @Override
  public void start(Listener<ServerMessage> listener, Metadata headers) {
    library = listener;
    ClientCall<ClientMessage, ServerMessage> call = wire.begin(this, options);
    real = call;
    if (call == null) {
      tellBroken("the network is gone");
    } else {
      call.start(new Incoming(listener), headers);
    }
  }

  /**
   * Cuts the stream.
   *
   * @param connectionDropped its whole connection is gone, so that both sides find out themselves
   */
  void sever(boolean connectionDropped) {
    severed = true;
    ClientCall<ClientMessage, ServerMessage> call = real;
    if (call != null && !connectionDropped) {
      deaf = true;
      call.cancel("cut", null);
      tellBroken("the stream was reset");
    }
  }

  private void tellBroken(String how) {
    Executor executor = options.getExecutor();
    if (executor == null) {
      throw new IllegalStateException("the library is expected to name its executor");
    }
    executor.execute(() -> close(Status.UNAVAILABLE.withDescription(how), new Metadata()));
  }

  /** Tells the library once that the stream has ended. On its loop. */
  private void close(Status status, Metadata trailers) {
    ended = true;
    Listener<ServerMessage> listener = library;
    if (!told && listener != null) {
      told = true;
      listener.onClose(status, trailers);
    }
  }

  @Override
  public void sendMessage(ClientMessage message) {
    ClientCall<ClientMessage, ServerMessage> call = real;
    if (call != null && !severed && !ended) {
      record(message);
      call.sendMessage(message);
    }
  }

  private void record(ClientMessage message) {
    long now = wire.company.clock().micros();
    long wallMillis = wire.company.clock().wallMillis();
    switch (message.getKindCase()) {
      case OPEN -> wire.log.open(now, wallMillis);
      case HEARTBEAT -> {
        wire.company.tally().heartbeats.incrementAndGet();
        wire.log.sent(now, wallMillis);
      }
      case UPDATE_STATUS -> {
        wire.log.sent(now, wallMillis);
        record(message.getUpdateStatus(), now);
      }
      default -> wire.log.sent(now, wallMillis);
    }
  }

  private void record(UpdateStatus update, long now) {
    wire.company.tally().statusChanges.incrementAndGet();
    wire.updateSent();
    if (update.hasActivity()) {
      wire.log.activity(now, update.getActivity() == dev.presence.v1.Activity.ACTIVITY_AWAY);
    }
    if (update.hasAvailability()) {
      // Sent again after a reconnect, a wish is as old as it is.
      long made = now - micros(update.getAvailabilityAge());
      wire.log.wish(
          made, update.getAvailability() == dev.presence.v1.Availability.AVAILABILITY_BUSY);
      wire.company.wished(wire.plan.user());
    }
  }

  private static long micros(Duration duration) {
    return duration.getSeconds() * 1_000_000 + duration.getNanos() / 1_000;
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<ClientMessage, ServerMessage> call = real;
    if (call != null && !severed) {
      if (!ended) {
        ended = true;
        wire.broke(this);
      }
      call.cancel(message, cause);
    }
    told = true; // the library wants to hear no more
    deaf = true;
  }

  @Override
  public void request(int messages) {
    ClientCall<ClientMessage, ServerMessage> call = real;
    if (call != null) {
      call.request(messages);
    }
  }

  @Override
  public void halfClose() {
    ClientCall<ClientMessage, ServerMessage> call = real;
    if (call != null && !severed) {
      call.halfClose();
    }
  }

  @Override
  public Attributes getAttributes() {
    ClientCall<ClientMessage, ServerMessage> call = real;
    return call == null ? Attributes.EMPTY : call.getAttributes();
  }

  /** What the real stream tells, on the library's loop. */
  private final class Incoming extends Listener<ServerMessage> {
    private final Listener<ServerMessage> listener;

    Incoming(Listener<ServerMessage> listener) {
      this.listener = listener;
    }

    @Override
    public void onHeaders(Metadata headers) {
      listener.onHeaders(headers);
    }

    @Override
    public void onMessage(ServerMessage message) {
      if (deaf) {
        return;
      }
      if (message.hasHello()) {
        greeted = true;
      } else if (message.hasChanges()) {
        wire.company.tally().changes.addAndGet(message.getChanges().getPresencesCount());
      } else if (message.hasClosed() && !ended) {
        ended = true;
        wire.broke(WireCall.this);
      }
      boolean passed = false;
      for (ServerMessage passing : wire.company.roads().tap().pass(wire.plan, message)) {
        listener.onMessage(passing);
        passed = true;
      }
      if (!passed) {
        request(1); // the library would have asked for the next one
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!severed && !ended) {
        ended = true;
        wire.broke(WireCall.this);
      }
      close(status, trailers);
    }

    @Override
    public void onReady() {
      listener.onReady();
    }
  }
}
