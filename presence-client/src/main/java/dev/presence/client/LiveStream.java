package dev.presence.client;

import com.google.protobuf.Duration;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.SignOut;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One stream and the watch over it: hello must follow {@code Open}, and an answer each heartbeat.
 * Where they do not, the path is dead however alive the connection looks. Ends once, with one word
 * to its owner, or none when the owner itself ended it.
 */
final class LiveStream implements StreamTransport.Events {
  static final long ACK_TIMEOUT_MILLIS = 4_000;
  static final long SIGN_OUT_TIMEOUT_MILLIS = 3_000;
  private static final long USUAL_INTERVAL_MILLIS = 8_000;

  /** Hears what happens to a stream. */
  interface Owner {
    void onHello(LiveStream stream, Hello hello);

    /** A message other than hello and closed, after hello. */
    void onMessage(LiveStream stream, ServerMessage message);

    /** The stream is over; nothing follows. */
    void onEnded(LiveStream stream, Ending ending);
  }

  private final Loop loop;
  private final Owner owner;
  private final int attempt;
  private final Activity openedAs;
  private StreamTransport.@Nullable Stream stream;
  private Loop.@Nullable Timer answerTimer; // for hello first, later for the answer to a sign-out
  private Loop.@Nullable Timer heartbeatTimer;
  private long helloMillis = -1;
  private long intervalMillis = USUAL_INTERVAL_MILLIS;
  private long sentSequence;
  private long ackedSequence;
  private boolean signingOut;
  private boolean ended;

  /**
   * A stream that is yet to be opened.
   *
   * @param attempt which Open of the session it carries
   * @param openedAs the activity that its {@code Open} tells
   */
  LiveStream(Loop loop, Owner owner, int attempt, Activity openedAs) {
    this.loop = loop;
    this.owner = owner;
    this.attempt = attempt;
    this.openedAs = openedAs;
  }

  /** Opens it, and waits so long for hello. */
  void open(
      StreamTransport transport,
      String token,
      @Nullable SocketAddress avoid,
      Open open,
      long helloTimeoutMillis) {
    stream = transport.open(token, avoid, this);
    send(ClientMessage.newBuilder().setOpen(open).build());
    answerTimer =
        loop.schedule(
            helloTimeoutMillis, () -> dead("no hello within " + helloTimeoutMillis + " ms"));
  }

  int attempt() {
    return attempt;
  }

  Activity openedAs() {
    return openedAs;
  }

  boolean isLive() {
    return helloMillis >= 0 && !ended;
  }

  boolean hadHello() {
    return helloMillis >= 0;
  }

  long livedMillis() {
    return loop.nowMillis() - helloMillis;
  }

  /** The sequence number of the last heartbeat. */
  long sentSequence() {
    return sentSequence;
  }

  @Nullable SocketAddress peer() {
    return stream == null ? null : stream.peer();
  }

  void send(ClientMessage message) {
    if (!ended && stream != null) {
      stream.send(message);
    }
  }

  /** Says good-bye, and waits a little for the answer. */
  void signOut() {
    if (signingOut || ended || stream == null) {
      return;
    }
    signingOut = true;
    send(ClientMessage.newBuilder().setSignOut(SignOut.getDefaultInstance()).build());
    stream.halfClose();
    cancel(heartbeatTimer);
    if (answerTimer == null) { // else hello has not come yet, and its time is the shorter one
      awaitSignedOut();
    }
  }

  private void awaitSignedOut() {
    answerTimer = loop.schedule(SIGN_OUT_TIMEOUT_MILLIS, () -> dead("no answer to the sign-out"));
  }

  /** Ends it without a word to the owner. */
  void abandon(String why) {
    if (!ended) {
      over(why);
    }
  }

  private void dead(String why) {
    if (!ended) {
      over(why);
      owner.onEnded(this, Ending.deadPath(why));
    }
  }

  private void over(String why) {
    ended = true;
    cancel(answerTimer);
    cancel(heartbeatTimer);
    if (stream != null) {
      stream.cancel(why);
    }
  }

  @Override
  public void onMessage(ServerMessage message) {
    if (ended) {
      return;
    }
    switch (message.getKindCase()) {
      case HELLO -> hello(message.getHello());
      case CLOSED -> {
        over("closed by the server");
        owner.onEnded(this, Ending.of(message.getClosed()));
      }
      case HEARTBEAT_ACK -> {
        ackedSequence = Math.max(ackedSequence, message.getHeartbeatAck().getSequence());
        owner.onMessage(this, message);
      }
      default -> {
        if (isLive()) {
          owner.onMessage(this, message);
        }
      }
    }
  }

  @Override
  public void onEnd(StatusDetails status) {
    if (!ended) {
      ended = true;
      cancel(answerTimer);
      cancel(heartbeatTimer);
      owner.onEnded(this, Ending.of(status));
    }
  }

  private void hello(Hello hello) {
    if (hadHello()) {
      return;
    }
    cancel(answerTimer);
    answerTimer = null;
    helloMillis = loop.nowMillis();
    Duration interval = hello.getHeartbeatInterval();
    intervalMillis = WireTime.millis(interval) > 0 ? WireTime.millis(interval) : intervalMillis;
    if (signingOut) {
      awaitSignedOut();
    } else {
      heartbeatTimer = loop.schedule(intervalMillis, this::heartbeat);
    }
    owner.onHello(this, hello);
  }

  private void heartbeat() {
    long sequence = ++sentSequence;
    send(
        ClientMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
            .build());
    // Not cancelled by the answer: to find it answered is cheaper.
    Loop.Timer unused = loop.schedule(ACK_TIMEOUT_MILLIS, () -> requireAnswered(sequence));
    heartbeatTimer = loop.schedule(intervalMillis, this::heartbeat);
  }

  private void requireAnswered(long sequence) {
    if (ackedSequence < sequence && !signingOut) {
      dead("no answer to a heartbeat within " + ACK_TIMEOUT_MILLIS + " ms");
    }
  }

  private static void cancel(Loop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
