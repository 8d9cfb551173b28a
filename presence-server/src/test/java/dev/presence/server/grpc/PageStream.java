package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.Open;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingV2Stub;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.SubscribeRequest;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A browser's stream as it comes off the wire. */
final class PageStream {

  private static final long SOON_SECONDS = 10;

  private final BlockingClientCall<?, ServerMessage> call;

  PageStream(PresenceServiceBlockingV2Stub stub, Open.Builder open, boolean hidden) {
    call = stub.subscribe(SubscribeRequest.newBuilder().setOpen(open).setHidden(hidden).build());
  }

  /** The next message of this kind; those of other kinds before it are passed over. */
  ServerMessage next(ServerMessage.KindCase kind) throws StatusException {
    try {
      while (true) {
        ServerMessage message = call.read(SOON_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a %s before the end of the stream", kind).isNotNull();
        if (message.getKindCase() == kind) {
          return message;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new AssertionError("no " + kind + " within " + SOON_SECONDS + " s", e);
    }
  }

  /** Ends the stream as a closed tab does. */
  void cancel() {
    call.cancel("gone", null);
  }
}
