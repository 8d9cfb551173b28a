package dev.presence.lab.chaos.calm;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.Open;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One stream that beats, and measures how long each answer takes. Thread-safe. */
final class CalmStream implements StreamObserver<ServerMessage> {

  private final StreamObserver<ClientMessage> up;
  private final Map<Long, Long> unanswered = new HashMap<>();
  private final List<Long> answers = new ArrayList<>();
  private long sequence;
  private boolean greeted;
  private boolean over;

  CalmStream(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    up =
        PresenceServiceGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .connect(this);
    up.onNext(
        ClientMessage.newBuilder()
            .setOpen(Open.newBuilder().setAttempt(1).setDevice("calm"))
            .build());
  }

  synchronized boolean live() {
    return greeted && !over;
  }

  /** Beats; a stream that has ended still counts its beats, which nobody answers. */
  synchronized void beat() {
    sequence++;
    unanswered.put(sequence, System.nanoTime());
    if (!over) {
      up.onNext(
          ClientMessage.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
              .build());
    }
  }

  /** Begins anew. */
  synchronized void forget() {
    unanswered.clear();
    answers.clear();
  }

  /** How long answers took, in microseconds. */
  synchronized long[] answers() {
    return answers.stream().mapToLong(Long::longValue).toArray();
  }

  /** For how long beats have waited for an answer, in microseconds. */
  synchronized long[] waiting() {
    long now = System.nanoTime();
    return unanswered.values().stream().mapToLong(since -> (now - since) / 1_000).toArray();
  }

  @Override
  public synchronized void onNext(ServerMessage message) {
    if (message.hasHello()) {
      greeted = true;
    } else if (message.hasHeartbeatAck()) {
      Long since = unanswered.remove(message.getHeartbeatAck().getSequence());
      if (since != null) {
        answers.add((System.nanoTime() - since) / 1_000);
      }
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    over = true;
  }

  @Override
  public synchronized void onCompleted() {
    over = true;
  }
}
