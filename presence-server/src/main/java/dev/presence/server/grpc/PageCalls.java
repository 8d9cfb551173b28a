package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.session.CallRouter;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.DisconnectResponse;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.HeartbeatResponse;
import dev.presence.v1.UpdateStatusRequest;
import dev.presence.v1.UpdateStatusResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What browsers say of their sessions: the verbs of a stream up, as calls. */
final class PageCalls {

  private final CallRouter router;

  PageCalls(CallRouter router) {
    this.router = router;
  }

  CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    return call(
            request.getSessionId(),
            request.getAttempt(),
            new SessionCall.Heartbeat(request.getHidden()))
        .thenApply(
            reception -> {
              check(reception);
              return HeartbeatResponse.newBuilder().setSequence(request.getSequence()).build();
            });
  }

  CompletionStage<UpdateStatusResponse> updateStatus(UpdateStatusRequest request) {
    return call(
            request.getSessionId(),
            request.getAttempt(),
            new SessionCall.Status(
                ClientMessages.activity(request.getStatus()),
                ClientMessages.availability(request.getStatus()),
                ClientMessages.wishAtMillis(request.getStatus(), router.nowMillis())))
        .thenApply(
            reception -> {
              check(reception);
              return UpdateStatusResponse.getDefaultInstance();
            });
  }

  CompletionStage<DisconnectResponse> disconnect(DisconnectRequest request) {
    return call(request.getSessionId(), request.getAttempt(), ClientMessages.departure(request))
        .thenApply(
            reception -> {
              // Who has gone already need not go again.
              check(reception == Reception.NOT_FOUND ? Reception.TAKEN : reception);
              return DisconnectResponse.getDefaultInstance();
            });
  }

  private CompletionStage<Reception> call(String session, int attempt, SessionCall.Verb verb) {
    int checked = ClientMessages.attempt("attempt", attempt);
    // What is no id of ours names no session of anybody's.
    return SessionId.parse(session)
        .map(id -> new SessionKey(id, Caller.current().user()))
        .map(key -> router.call(new SessionCall(key, checked, verb)))
        .orElseGet(() -> CompletableFuture.completedFuture(Reception.NOT_FOUND));
  }

  private static void check(Reception reception) {
    switch (reception) {
      case TAKEN -> {}
      case NOT_FOUND ->
          throw GrpcErrors.of(
              ErrorReason.SESSION_NOT_FOUND, "the caller has no such session (any more)");
      case SUSPENDED ->
          throw GrpcErrors.of(
              ErrorReason.SESSION_SUSPENDED, "the session has lost its stream; subscribe again");
      case REPLACED ->
          throw GrpcErrors.of(ErrorReason.SESSION_REPLACED, "a newer attempt carries the session");
      case UNREACHABLE ->
          throw GrpcErrors.of(
              ErrorReason.OWNER_UNREACHABLE, "the server that holds the session does not answer");
    }
  }
}
