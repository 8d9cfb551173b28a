package dev.presence.server.peer;

import com.google.protobuf.ByteString;
import dev.presence.internal.v1.PageHeartbeat;
import dev.presence.internal.v1.PageLeave;
import dev.presence.internal.v1.PageSignOut;
import dev.presence.internal.v1.PageStatus;
import dev.presence.internal.v1.TellRequest;
import dev.presence.internal.v1.TellResponse;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.UserId;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;

/** Calls and their receptions as messages, both ways. */
final class PeerMessages {

  private static final int SESSION_ID_BYTES = 16;

  private PeerMessages() {}

  static TellRequest request(SessionCall call) {
    TellRequest.Builder request =
        TellRequest.newBuilder()
            .setSessionId(ByteString.copyFrom(call.session().id().toBytes()))
            .setUserId(call.session().user().value())
            .setAttempt(call.attempt());
    switch (call.verb()) {
      case SessionCall.Heartbeat(boolean hidden) ->
          request.setHeartbeat(PageHeartbeat.newBuilder().setHidden(hidden));
      case SessionCall.Status status -> request.setStatus(status(status));
      case SessionCall.Leave() -> request.setLeave(PageLeave.getDefaultInstance());
      case SessionCall.SignOut() -> request.setSignOut(PageSignOut.getDefaultInstance());
    }
    return request.build();
  }

  private static PageStatus status(SessionCall.Status status) {
    PageStatus.Builder message = PageStatus.newBuilder().setWishMillis(status.wishAtMillis());
    if (status.activity() != null) {
      message.setAway(status.activity() == Activity.AWAY);
    }
    if (status.availability() != null) {
      message.setBusy(status.availability() == Availability.BUSY);
    }
    return message.build();
  }

  /**
   * The call that a message holds.
   *
   * @throws IllegalArgumentException if it holds none
   */
  static SessionCall call(TellRequest request) {
    if (request.getSessionId().size() != SESSION_ID_BYTES) {
      throw new IllegalArgumentException("a session id has " + SESSION_ID_BYTES + " bytes");
    }
    return new SessionCall(
        new SessionKey(
            SessionId.fromBytes(request.getSessionId().asReadOnlyByteBuffer()),
            new UserId(request.getUserId())),
        request.getAttempt(),
        verb(request));
  }

  private static SessionCall.Verb verb(TellRequest request) {
    return switch (request.getVerbCase()) {
      case HEARTBEAT -> new SessionCall.Heartbeat(request.getHeartbeat().getHidden());
      case STATUS -> status(request.getStatus());
      case LEAVE -> new SessionCall.Leave();
      case SIGN_OUT -> new SessionCall.SignOut();
      case VERB_NOT_SET -> throw new IllegalArgumentException("a call without a known verb");
    };
  }

  private static SessionCall.Status status(PageStatus status) {
    return new SessionCall.Status(
        status.hasAway() ? (status.getAway() ? Activity.AWAY : Activity.ACTIVE) : null,
        status.hasBusy() ? (status.getBusy() ? Availability.BUSY : Availability.AVAILABLE) : null,
        status.getWishMillis());
  }

  static TellResponse response(Reception reception) {
    return TellResponse.newBuilder()
        .setReception(
            switch (reception) {
              case TAKEN -> dev.presence.internal.v1.Reception.RECEPTION_TAKEN;
              case NOT_FOUND -> dev.presence.internal.v1.Reception.RECEPTION_NOT_FOUND;
              case SUSPENDED -> dev.presence.internal.v1.Reception.RECEPTION_SUSPENDED;
              case REPLACED -> dev.presence.internal.v1.Reception.RECEPTION_REPLACED;
              case UNREACHABLE -> dev.presence.internal.v1.Reception.RECEPTION_UNREACHABLE;
            })
        .build();
  }

  static Reception reception(TellResponse response) {
    return switch (response.getReception()) {
      case RECEPTION_TAKEN -> Reception.TAKEN;
      case RECEPTION_NOT_FOUND -> Reception.NOT_FOUND;
      case RECEPTION_SUSPENDED -> Reception.SUSPENDED;
      case RECEPTION_REPLACED -> Reception.REPLACED;
      case RECEPTION_UNREACHABLE, RECEPTION_UNSPECIFIED, UNRECOGNIZED -> Reception.UNREACHABLE;
    };
  }
}
