package dev.presence.lab.behaviour;

import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.Presence;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.SubscribeRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;

/** A browser's stream without a browser: gRPC-Web as it comes off the wire. */
final class PageStream implements AutoCloseable {

  private static final int TRAILERS = 0x80;

  private final InputStream body;
  private final List<ServerMessage> messages = new CopyOnWriteArrayList<>();
  private volatile boolean ended;
  private volatile LongConsumer onPing = sequence -> {};

  private PageStream(InputStream body) {
    this.body = body;
    Thread.ofVirtual().start(this::read);
  }

  /** A new session. */
  static PageStream open(GrpcWeb web) {
    return open(web, Open.newBuilder().setAttempt(1));
  }

  static PageStream open(GrpcWeb web, Open.Builder open) {
    SubscribeRequest request =
        SubscribeRequest.newBuilder().setOpen(open.setDevice("browser")).build();
    return new PageStream(web.open("Subscribe", request));
  }

  private void read() {
    try (DataInputStream frames = new DataInputStream(body)) {
      while (true) {
        int flags = frames.readUnsignedByte();
        byte[] content = frames.readNBytes(frames.readInt());
        if ((flags & TRAILERS) == 0) {
          take(ServerMessage.parseFrom(content));
        }
      }
    } catch (IOException end) {
      ended = true;
    }
  }

  private void take(ServerMessage message) {
    messages.add(message);
    if (message.getKindCase() == KindCase.PING) {
      onPing.accept(message.getPing().getSequence());
    }
  }

  /** Answers each ping from now on, as a page does: from where the stream is read. */
  void answerPings(GrpcWeb web, Hello hello, int attempt) {
    onPing =
        sequence ->
            web.call(
                "Heartbeat",
                HeartbeatRequest.newBuilder()
                    .setSessionId(hello.getSessionId())
                    .setAttempt(attempt)
                    .setSequence(sequence)
                    .build(),
                "x-presence-route",
                hello.getRoute());
  }

  ServerMessage await(KindCase kind) {
    return Awaitility.await("a " + kind)
        .atMost(Person.SOON)
        .until(
            () -> messages.stream().filter(m -> m.getKindCase() == kind).findFirst().orElse(null),
            message -> message != null);
  }

  Hello hello() {
    return await(KindCase.HELLO).getHello();
  }

  /** All that came of this user, oldest first. */
  List<Presence> of(String user) {
    return messages.stream()
        .flatMap(
            m ->
                m.hasSnapshot()
                    ? m.getSnapshot().getPresencesList().stream()
                    : m.getChanges().getPresencesList().stream())
        .filter(presence -> presence.getUserId().equals(user))
        .toList();
  }

  boolean ended() {
    return ended;
  }

  /** As a closed tab does. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // It is what we want.
    }
  }
}
