package dev.presence.server.grpc;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.Outbound.Advice;
import dev.presence.server.presence.Outbox;
import dev.presence.server.session.Attachment;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a stream: it moves messages from the outbox to the call for as long as the
 * transport takes them. Whatever else waits stays in the outbox, where it is conflated, so a client
 * that does not read costs what is in the transport's buffer and no more.
 *
 * <p>{@link #wake} may be called from any thread: whoever finds nobody writing writes, and does so
 * for those who come meanwhile. So a call is never touched by two threads at once, and nobody
 * waits.
 */
final class StreamWriter {

  private static final Logger log = LoggerFactory.getLogger(StreamWriter.class);

  /** A client that has taken nothing for so long is worth a word in the log. */
  private static final long SLOW_MILLIS = 1_000;

  private final ServerCall<?, Frame> call;
  private final UserId user;
  private final FrameEncoder encoder;
  private final long slowConsumerMillis;
  private final LongSupplier monotonicMillis;

  /** How many wake-ups nobody has answered yet; not 0: somebody is writing. */
  private final AtomicInteger wakeUps = new AtomicInteger();

  private volatile @Nullable Attachment attachment;
  private volatile @Nullable StatusRuntimeException failure;

  // What follows belongs to whoever writes.
  private boolean greeted;
  private boolean ended;
  private boolean blocked;
  private boolean reported;
  private long blockedSinceMillis;

  /**
   * A writer to this call.
   *
   * @param user whose call it is, for the log
   * @param slowConsumer for how long a client may take nothing
   */
  StreamWriter(
      ServerCall<?, Frame> call,
      UserId user,
      FrameEncoder encoder,
      Duration slowConsumer,
      LongSupplier monotonicMillis) {
    this.call = call;
    this.user = user;
    this.encoder = encoder;
    slowConsumerMillis = slowConsumer.toMillis();
    this.monotonicMillis = monotonicMillis;
  }

  /** What is to be written is known. */
  void attach(Attachment stream) {
    attachment = stream;
    wake();
  }

  /** Ends the call with an error status, whatever waits. */
  void fail(StatusRuntimeException error) {
    failure = error;
    wake();
  }

  /** Something has changed: there is more to write, or the transport takes more. */
  void wake() {
    if (wakeUps.getAndIncrement() != 0) {
      return;
    }
    int answered = 1;
    while (answered != 0) {
      write();
      answered = wakeUps.addAndGet(-answered);
    }
  }

  private void write() {
    if (ended || call.isCancelled()) {
      return;
    }
    StatusRuntimeException error = failure;
    Attachment stream = attachment;
    try {
      if (error != null) {
        end(error.getStatus(), GrpcErrors.trailers(error));
      } else if (stream != null) {
        drain(stream);
      }
    } catch (RuntimeException e) {
      // A defect must end the stream: one that nobody writes to would look alive for ever.
      ended = true;
      GrpcErrors.close(call, e);
    }
  }

  private void drain(Attachment stream) {
    Outbox outbox = stream.outbox();
    while (!call.isCancelled()) {
      if (call.isReady()) {
        blocked = false;
        reported = false;
      } else if (!outbox.isClosed() && !tooSlow(stream)) {
        return;
      }
      Outbound next = outbox.next();
      if (next == null) {
        return;
      }
      if (next instanceof Outbound.Refused refused) {
        StatusRuntimeException error =
            GrpcErrors.overloaded(Duration.ofMillis(refused.retryAfterMillis()));
        end(error.getStatus(), GrpcErrors.trailers(error));
        return;
      }
      send(next);
      if (next instanceof Outbound.Closed) {
        end(Status.OK, new Metadata());
        return;
      }
    }
  }

  /** The client takes nothing now. If that has been so for too long, its stream ends. */
  private boolean tooSlow(Attachment stream) {
    long now = monotonicMillis.getAsLong();
    if (!blocked) {
      blocked = true;
      blockedSinceMillis = now;
    }
    if (!reported && now - blockedSinceMillis >= SLOW_MILLIS) {
      reported = true;
      log.atInfo().addKeyValue("user", user).log("a client does not read");
    }
    if (now - blockedSinceMillis < slowConsumerMillis) {
      return false;
    }
    stream.outbox().close(new Outbound.Closed(CloseReason.SLOW_CONSUMER, Advice.RECONNECT));
    stream.lost();
    return true;
  }

  private void send(Outbound message) {
    if (!greeted) {
      greeted = true;
      call.sendHeaders(new Metadata());
    }
    call.sendMessage(encoder.encode(message));
  }

  private void end(Status status, Metadata trailers) {
    ended = true;
    call.close(status, trailers);
  }
}
