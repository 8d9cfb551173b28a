package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.session.Attachment;
import dev.presence.server.session.OpenCommand;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer between a real core and a transport whose pace the test sets. */
class StreamWriterTest {

  private static TestServer server;

  private final AtomicLong nowMillis = new AtomicLong();
  private final PacedCall call = new PacedCall();
  private final StreamWriter writer =
      new StreamWriter(
          call,
          new UserId("alice"),
          new FrameEncoder(Timings.DEFAULT, TestServer.NODE, ""),
          Duration.ofMinutes(2),
          nowMillis::get);
  private Attachment stream;

  /** A transport that takes messages only while it is told to. */
  private static final class PacedCall extends ServerCall<ClientMessage, Frame> {

    private final List<ServerMessage> written = new ArrayList<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean ready = true;
    private volatile boolean cancelled;
    private volatile boolean broken;
    private volatile boolean touchedTwiceAtOnce;
    private volatile @Nullable Status closed;

    private void alone(Runnable action) {
      touchedTwiceAtOnce |= !busy.compareAndSet(false, true);
      action.run();
      busy.set(false);
    }

    private List<ServerMessage> written() {
      synchronized (written) {
        return List.copyOf(written);
      }
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Frame frame) {
      if (broken) {
        throw new UnsupportedOperationException("planted");
      }
      alone(
          () -> {
            try {
              ServerMessage message = ServerMessage.parseFrom(new FrameStream(frame));
              synchronized (written) {
                written.add(message);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      assertThat(closed).as("closed once").isNull();
      alone(() -> closed = status);
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    @SuppressWarnings("unchecked") // Nobody asks for what it carries.
    public MethodDescriptor<ClientMessage, Frame> getMethodDescriptor() {
      return (MethodDescriptor<ClientMessage, Frame>)
          (MethodDescriptor<?, ?>) PresenceServiceGrpc.getConnectMethod();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.inProcess().serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void openAStream() {
    OpenCommand command =
        new OpenCommand(new UserId("alice"), null, 1, "test", Activity.ACTIVE, Entry.APP);
    stream = server.core.sessions().open(command, writer::wake);
    writer.attach(stream);
    await().until(() -> call.written().size() >= 2);
    assertThat(call.written().getFirst().hasHello()).isTrue();
  }

  private List<Long> acknowledged() {
    return call.written().stream()
        .filter(ServerMessage::hasHeartbeatAck)
        .map(message -> message.getHeartbeatAck().getSequence())
        .toList();
  }

  @Test
  void shouldNeverBeTwoWritersAtOnce() throws InterruptedException {
    int threads = 8;
    int rounds = 2_000;
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread.startVirtualThread(
          () -> {
            for (int i = 1; i <= rounds; i++) {
              stream.heartbeat(i);
            }
            done.countDown();
          });
    }
    done.await();
    await().until(() -> acknowledged().contains((long) rounds));
    assertThat(call.touchedTwiceAtOnce).isFalse();
  }

  @Test
  void shouldWaitForTheTransportAndThenSendTheNewestOnly() {
    call.ready = false;
    for (int i = 1; i <= 1_000; i++) {
      stream.heartbeat(i);
    }
    assertThat(acknowledged()).isEmpty();
    call.ready = true;
    writer.wake();
    assertThat(acknowledged()).containsExactly(1_000L);
  }

  @Test
  void shouldSayTheLastWordToOneWhoDoesNotRead() {
    call.ready = false;
    stream.signOut();
    await().untilAsserted(() -> assertThat(call.closed).isEqualTo(Status.OK));
    assertThat(call.written().getLast().getClosed().getReason())
        .isEqualTo(CloseReason.CLOSE_REASON_SIGNED_OUT);
  }

  @Test
  void shouldCloseOneWhoTakesNothingForTooLong() {
    call.ready = false;
    stream.heartbeat(1);
    nowMillis.addAndGet(Duration.ofMinutes(2).toMillis() - 1);
    stream.heartbeat(2);
    assertThat(call.closed).isNull();
    nowMillis.addAndGet(1);
    stream.heartbeat(3);
    assertThat(call.closed).isNotNull();
    assertThat(call.written().getLast().getClosed().getReason())
        .isEqualTo(CloseReason.CLOSE_REASON_SLOW_CONSUMER);
  }

  @Test
  void shouldForgiveOneWhoTookSomethingInBetween() {
    call.ready = false;
    stream.heartbeat(1);
    nowMillis.addAndGet(Duration.ofSeconds(119).toMillis());
    call.ready = true;
    writer.wake();
    call.ready = false;
    stream.heartbeat(2);
    nowMillis.addAndGet(Duration.ofSeconds(119).toMillis());
    stream.heartbeat(3);
    assertThat(call.closed).isNull();
  }

  @Test
  void shouldWriteNothingAfterTheClientHasGone() {
    int before = call.written().size();
    call.cancelled = true;
    stream.heartbeat(1);
    stream.signOut();
    writer.fail(GrpcErrors.of(ErrorReason.EMPTY_MESSAGE, "test"));
    assertThat(call.written()).hasSize(before);
    assertThat(call.closed).isNull();
  }

  @Test
  void shouldEndTheStreamWhenWritingFails() {
    call.broken = true;
    stream.heartbeat(1);
    assertThat(call.closed)
        .isNotNull()
        .returns(Status.Code.INTERNAL, Status::getCode)
        .doesNotReturn("planted", Status::getDescription);
  }

  @Test
  void shouldEndOnceOnly() {
    writer.fail(GrpcErrors.of(ErrorReason.OPEN_REPEATED, "first"));
    writer.fail(GrpcErrors.of(ErrorReason.EMPTY_MESSAGE, "second"));
    stream.heartbeat(1);
    assertThat(call.closed).isNotNull().returns("first", Status::getDescription);
    assertThat(acknowledged()).isEmpty();
  }
}
