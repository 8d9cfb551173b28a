package dev.presence.client;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.presence.v1.Changes;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.Drain;
import dev.presence.v1.HeartbeatAck;
import dev.presence.v1.Hello;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerState;
import dev.presence.v1.Snapshot;
import java.util.List;

/** The words of a server. */
public final class Words {
  public static final long SERVER_TIME_SECONDS = 1_790_000_000;

  private Words() {}

  public static ServerMessage hello(String sessionId, boolean resumed) {
    return hello(sessionId, resumed, 8_000);
  }

  public static ServerMessage hello(String sessionId, boolean resumed, long intervalMillis) {
    return ServerMessage.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setSessionId(sessionId)
                .setResumed(resumed)
                .setServerTime(Timestamp.newBuilder().setSeconds(SERVER_TIME_SECONDS))
                .setHeartbeatInterval(millis(intervalMillis))
                .setHeartbeatTimeout(millis(20_000))
                .setGracePeriod(millis(10_000))
                .setNode("node-1"))
        .build();
  }

  public static ServerMessage ack(long sequence) {
    return ServerMessage.newBuilder()
        .setHeartbeatAck(HeartbeatAck.newBuilder().setSequence(sequence))
        .build();
  }

  /** A part of a snapshot that is not the last one. */
  public static ServerMessage part(Presence... presences) {
    return snapshot(false, false, presences);
  }

  public static ServerMessage complete(Presence... presences) {
    return snapshot(true, false, presences);
  }

  public static ServerMessage lastSeenComplete(Presence... presences) {
    return snapshot(false, true, presences);
  }

  private static ServerMessage snapshot(boolean complete, boolean lastSeen, Presence... some) {
    return ServerMessage.newBuilder()
        .setSnapshot(
            Snapshot.newBuilder()
                .addAllPresences(List.of(some))
                .setComplete(complete)
                .setLastSeenComplete(lastSeen))
        .build();
  }

  public static ServerMessage changes(Presence... presences) {
    return ServerMessage.newBuilder()
        .setChanges(Changes.newBuilder().addAllPresences(List.of(presences)))
        .build();
  }

  public static ServerMessage stale(boolean stale) {
    return ServerMessage.newBuilder()
        .setServerState(ServerState.newBuilder().setStale(stale))
        .build();
  }

  public static ServerMessage drain(long withinMillis) {
    return ServerMessage.newBuilder()
        .setDrain(Drain.newBuilder().setReconnectWithin(millis(withinMillis)))
        .build();
  }

  public static ServerMessage closed(CloseReason reason, ReconnectAdvice advice) {
    return ServerMessage.newBuilder()
        .setClosed(Closed.newBuilder().setReason(reason).setAdvice(advice))
        .build();
  }

  public static ServerMessage closed(
      CloseReason reason, ReconnectAdvice advice, long retryAfterMillis) {
    return ServerMessage.newBuilder()
        .setClosed(
            Closed.newBuilder()
                .setReason(reason)
                .setAdvice(advice)
                .setRetryAfter(millis(retryAfterMillis)))
        .build();
  }

  public static Presence online(String userId) {
    return in(userId, PresenceState.PRESENCE_STATE_ONLINE);
  }

  public static Presence in(String userId, PresenceState state) {
    return Presence.newBuilder().setUserId(userId).setState(state).build();
  }

  public static Presence offline(String userId, long lastSeenSeconds) {
    return Presence.newBuilder()
        .setUserId(userId)
        .setState(PresenceState.PRESENCE_STATE_OFFLINE)
        .setLastSeen(Timestamp.newBuilder().setSeconds(lastSeenSeconds))
        .build();
  }

  public static Duration millis(long millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos((int) (millis % 1_000) * 1_000_000)
        .build();
  }
}
