package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.v1.Activity;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Closed;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.UpdateStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** One stream as a client holds it: it says what it likes, and remembers what it is told. */
final class TestStream {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<ServerMessage> messages = new ArrayList<>();
  private final Map<String, Presence> view = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ClientCallStreamObserver<ClientMessage> call;
  private boolean reading = true;
  private volatile @Nullable StatusRuntimeException failure;

  TestStream(PresenceServiceGrpc.PresenceServiceStub stub) {
    call = (ClientCallStreamObserver<ClientMessage>) stub.connect(new Reader());
  }

  private final class Reader implements ClientResponseObserver<ClientMessage, ServerMessage> {

    private @Nullable ClientCallStreamObserver<ClientMessage> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientMessage> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(ServerMessage message) {
      synchronized (messages) {
        messages.add(message);
        message.getSnapshot().getPresencesList().forEach(p -> view.put(p.getUserId(), p));
        message.getChanges().getPresencesList().forEach(p -> view.put(p.getUserId(), p));
        if (reading && requests != null) {
          requests.request(1);
        }
      }
    }

    @Override
    public void onError(Throwable cause) {
      failure = Status.fromThrowable(cause).asRuntimeException(Status.trailersFromThrowable(cause));
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }

  static Open.Builder openMessage() {
    return Open.newBuilder().setAttempt(1).setDevice("test").setClientVersion("1");
  }

  static ClientMessage.Builder away(boolean away) {
    return ClientMessage.newBuilder()
        .setUpdateStatus(
            UpdateStatus.newBuilder()
                .setActivity(away ? Activity.ACTIVITY_AWAY : Activity.ACTIVITY_ACTIVE));
  }

  TestStream open() {
    return open(openMessage());
  }

  TestStream open(Open.Builder open) {
    return send(ClientMessage.newBuilder().setOpen(open));
  }

  TestStream heartbeat(long sequence) {
    return send(
        ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(sequence)));
  }

  TestStream send(ClientMessage.Builder message) {
    call.onNext(message.build());
    return this;
  }

  void halfClose() {
    call.onCompleted();
  }

  void cancel() {
    call.cancel("gone", null);
  }

  /** Reads nothing any more, after the message that is asked for already. */
  void stopReading() {
    synchronized (messages) {
      reading = false;
    }
  }

  void readAgain() {
    synchronized (messages) {
      reading = true;
    }
    call.request(1);
  }

  List<ServerMessage> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  private Stream<ServerMessage> of(ServerMessage.KindCase kind) {
    return messages().stream().filter(message -> message.getKindCase() == kind);
  }

  private static ConditionFactory soon() {
    return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  /** Waits for a message of this kind. */
  ServerMessage await1(ServerMessage.KindCase kind) {
    return soon().until(() -> of(kind).findFirst(), Optional::isPresent).orElseThrow();
  }

  Hello hello() {
    return await1(ServerMessage.KindCase.HELLO).getHello();
  }

  Closed closed() {
    return await1(ServerMessage.KindCase.CLOSED).getClosed();
  }

  void awaitSnapshot() {
    soon()
        .until(
            () ->
                of(ServerMessage.KindCase.SNAPSHOT)
                    .anyMatch(message -> message.getSnapshot().getLastSeenComplete()));
  }

  void awaitAck(long sequence) {
    soon()
        .until(
            () ->
                of(ServerMessage.KindCase.HEARTBEAT_ACK)
                    .anyMatch(message -> message.getHeartbeatAck().getSequence() == sequence));
  }

  void awaitState(String user, PresenceState state) {
    soon()
        .untilAsserted(
            () -> {
              Presence presence = view.get(user);
              assertThat(presence).isNotNull();
              assertThat(presence.getState()).isEqualTo(state);
            });
  }

  /** Waits for the end; OK if the server ended the stream in an orderly way. */
  Status status() {
    try {
      assertThat(ended.await(SOON.toSeconds(), TimeUnit.SECONDS)).as("the stream ends").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    StatusRuntimeException error = failure;
    return error == null ? Status.OK : error.getStatus();
  }

  /** Waits for the end by an error. */
  StatusRuntimeException error() {
    assertThat(status().isOk()).isFalse();
    StatusRuntimeException error = failure;
    if (error == null) {
      throw new AssertionError("no error");
    }
    return error;
  }

  boolean isLive() {
    return ended.getCount() > 0;
  }
}
