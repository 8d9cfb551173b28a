package dev.presence.client;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.Open;
import dev.presence.v1.ServerMessage;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams that lead to the test: it sees what is sent, and plays the server. */
final class FakeTransport implements StreamTransport {
  static final SocketAddress SERVER_A = InetSocketAddress.createUnresolved("a", 1);
  static final SocketAddress SERVER_B = InetSocketAddress.createUnresolved("b", 1);

  final List<FakeStream> streams = new ArrayList<>();

  @Override
  public Stream open(String token, @Nullable SocketAddress avoid, Events events) {
    FakeStream stream = new FakeStream(token, avoid, events);
    streams.add(stream);
    return stream;
  }

  FakeStream last() {
    return streams.get(streams.size() - 1);
  }

  /** One stream, from the server's side. */
  static final class FakeStream implements Stream {
    final String token;
    final @Nullable SocketAddress avoid;
    final List<ClientMessage> received = new ArrayList<>();
    boolean halfClosed;
    boolean cancelled;
    private final Events events;

    private FakeStream(String token, @Nullable SocketAddress avoid, Events events) {
      this.token = token;
      this.avoid = avoid;
      this.events = events;
    }

    Open open() {
      return received.get(0).getOpen();
    }

    ClientMessage lastReceived() {
      return received.get(received.size() - 1);
    }

    /** How many messages of this kind arrived. */
    long count(ClientMessage.KindCase kind) {
      return received.stream().filter(message -> message.getKindCase() == kind).count();
    }

    void say(ServerMessage message) {
      events.onMessage(message);
    }

    void hello(String sessionId, boolean resumed) {
      say(Words.hello(sessionId, resumed));
    }

    void ack(long sequence) {
      say(Words.ack(sequence));
    }

    void end(Status.Code code, String reason) {
      end(code, reason, 0);
    }

    void end(Status.Code code, String reason, long retryMillis) {
      events.onEnd(new StatusDetails(code, reason, "said the test", retryMillis));
    }

    void cut() {
      end(Status.Code.UNAVAILABLE, "");
    }

    @Override
    public void send(ClientMessage message) {
      received.add(message);
    }

    @Override
    public void halfClose() {
      halfClosed = true;
    }

    @Override
    public void cancel(String why) {
      cancelled = true;
    }

    @Override
    public SocketAddress peer() {
      return SERVER_A.equals(avoid) ? SERVER_B : SERVER_A;
    }
  }
}
