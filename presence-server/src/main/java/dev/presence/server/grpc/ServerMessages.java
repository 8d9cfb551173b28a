package dev.presence.server.grpc;

import dev.presence.server.model.Timings;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.SharedPresence;
import dev.presence.v1.Availability;
import dev.presence.v1.Changes;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.Drain;
import dev.presence.v1.HeartbeatAck;
import dev.presence.v1.Hello;
import dev.presence.v1.Ping;
import dev.presence.v1.Presence;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerState;
import dev.presence.v1.Snapshot;
import java.time.Duration;
import java.util.List;

/**
 * Those messages of a stream that are rare enough to be built by the generated classes; and, for
 * those who play both ends without a wire, all of them.
 */
public final class ServerMessages {

  private final Timings timings;
  private final String node;
  private final String route;

  ServerMessages(Timings timings, String node, String route) {
    this.timings = timings;
    this.node = node;
    this.route = route;
  }

  /**
   * Puts anything that a server says on a stream into the protocol's words.
   *
   * @param timings what Hello tells of
   * @param node what Hello calls the server
   */
  public static ServerMessage of(Outbound message, Timings timings, String node) {
    return switch (message) {
      case Outbound.Hello hello -> new ServerMessages(timings, node, "").hello(hello);
      case Outbound.SnapshotPart part ->
          ServerMessage.newBuilder()
              .setSnapshot(
                  Snapshot.newBuilder()
                      .addAllPresences(entries(part.presences()))
                      .setComplete(part.complete())
                      .setLastSeenComplete(part.lastSeenComplete()))
              .build();
      case Outbound.Changes changes ->
          ServerMessage.newBuilder()
              .setChanges(Changes.newBuilder().addAllPresences(entries(changes.presences())))
              .build();
      case Outbound.HeartbeatAck ack ->
          ServerMessage.newBuilder()
              .setHeartbeatAck(HeartbeatAck.newBuilder().setSequence(ack.sequence()))
              .build();
      case Outbound.Ping ping -> ping(ping);
      case Outbound.ServerState state -> serverState(state);
      case Outbound.Drain drain -> drain(drain);
      case Outbound.Closed closed -> closed(closed);
      case Outbound.Refused _ ->
          throw new IllegalArgumentException("a refusal is a status, and no message");
    };
  }

  private static List<Presence> entries(List<SharedPresence> presences) {
    return presences.stream().map(shared -> PresenceMessages.onStream(shared.presence())).toList();
  }

  ServerMessage hello(Outbound.Hello hello) {
    return ServerMessage.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setSessionId(hello.session().toString())
                .setResumed(hello.resumed())
                .setServerTime(PresenceMessages.timestamp(hello.serverTimeMillis()))
                .setHeartbeatInterval(PresenceMessages.duration(timings.heartbeatInterval()))
                .setHeartbeatTimeout(PresenceMessages.duration(timings.heartbeatTimeout()))
                .setGracePeriod(PresenceMessages.duration(timings.gracePeriod()))
                .setHiddenTimeout(PresenceMessages.duration(timings.hiddenTimeout()))
                .setRoute(route)
                .setNode(node)
                .setAvailability(
                    switch (hello.availability()) {
                      case AVAILABLE -> Availability.AVAILABILITY_AVAILABLE;
                      case BUSY -> Availability.AVAILABILITY_BUSY;
                    }))
        .build();
  }

  static ServerMessage ping(Outbound.Ping ping) {
    return ServerMessage.newBuilder()
        .setPing(Ping.newBuilder().setSequence(ping.sequence()))
        .build();
  }

  static ServerMessage serverState(Outbound.ServerState state) {
    ServerState.Builder builder =
        ServerState.newBuilder().setStale(state.stale()).setRosterPending(state.rosterPending());
    if (state.stale()) {
      builder.setAsOf(PresenceMessages.timestamp(state.asOfMillis()));
    }
    return ServerMessage.newBuilder().setServerState(builder).build();
  }

  static ServerMessage drain(Outbound.Drain drain) {
    return ServerMessage.newBuilder()
        .setDrain(
            Drain.newBuilder()
                .setReconnectWithin(
                    PresenceMessages.duration(Duration.ofMillis(drain.withinMillis()))))
        .build();
  }

  static ServerMessage closed(Outbound.Closed closed) {
    return ServerMessage.newBuilder()
        .setClosed(
            Closed.newBuilder()
                .setReason(CloseReason.forNumber(closed.reason().number()))
                .setAdvice(
                    switch (closed.advice()) {
                      case RECONNECT -> ReconnectAdvice.RECONNECT_ADVICE_RECONNECT;
                      case RECONNECT_ELSEWHERE ->
                          ReconnectAdvice.RECONNECT_ADVICE_RECONNECT_ELSEWHERE;
                      case NEW_TOKEN -> ReconnectAdvice.RECONNECT_ADVICE_NEW_TOKEN;
                      case STOP -> ReconnectAdvice.RECONNECT_ADVICE_STOP;
                    }))
        .build();
  }
}
