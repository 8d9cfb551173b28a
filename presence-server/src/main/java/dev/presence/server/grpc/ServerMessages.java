package dev.presence.server.grpc;

import dev.presence.server.model.Timings;
import dev.presence.server.presence.Outbound;
import dev.presence.v1.Availability;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.Hello;
import dev.presence.v1.Ping;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerState;

/** Those messages of a stream that are rare enough to be built by the generated classes. */
final class ServerMessages {

  private final Timings timings;
  private final String node;
  private final String route;

  ServerMessages(Timings timings, String node, String route) {
    this.timings = timings;
    this.node = node;
    this.route = route;
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
