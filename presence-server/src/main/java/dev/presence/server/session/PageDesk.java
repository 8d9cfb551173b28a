package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.presence.Outbound.Advice;
import dev.presence.server.session.CallRouter.Whereabouts;
import dev.presence.server.session.SessionCall.Reception;
import org.jspecify.annotations.Nullable;

/**
 * Takes what clients without a stream up say of the sessions of one lane: the verbs of a stream, as
 * calls. A call may be late or from a stream that was replaced, and its session may have gone or be
 * elsewhere; then nothing happens, and the answer says so. Belongs to the lane's loop.
 */
final class PageDesk {

  private final LaneContext context;
  private final SessionRegistry registry;
  private final SignsOfLife signsOfLife;
  private final LaneSessions sessions;

  PageDesk(
      LaneContext context,
      SessionRegistry registry,
      SignsOfLife signsOfLife,
      LaneSessions sessions) {
    this.context = context;
    this.registry = registry;
    this.signsOfLife = signsOfLife;
    this.sessions = sessions;
  }

  Whereabouts take(SessionCall call) {
    Reception taken = takeHere(call);
    if (taken != null) {
      return Whereabouts.here(taken);
    }
    NodeId owner = context.lane().owner(call.session());
    if (owner != null) {
      return Whereabouts.at(owner);
    }
    Cluster cluster = context.cluster();
    boolean unsure =
        (cluster.stale() || !cluster.complete())
            && !context.lane().ended(call.session().id(), call.session().user());
    return Whereabouts.here(unsure ? Reception.UNREACHABLE : Reception.NOT_FOUND);
  }

  /** What became of the call; null if the session is not here, or goes on elsewhere. */
  private @Nullable Reception takeHere(SessionCall call) {
    Session session = registry.find(call.session().id());
    if (session == null || !session.user.equals(call.session().user())) {
      return null;
    }
    if (call.attempt() < session.attempt) {
      return Reception.REPLACED;
    }
    Attachment stream = session.attachment;
    if (stream == null) {
      return takeSuspended(session, call);
    }
    if (call.attempt() > session.attempt) {
      return null;
    }
    stream.touch();
    switch (call.verb()) {
      case SessionCall.Heartbeat(boolean hidden) -> hide(session, stream, hidden);
      case SessionCall.Status(Activity activity, Availability availability, long wishAgeMillis) ->
          sessions.updateStatus(stream, activity, availability, wishAgeMillis);
      case SessionCall.Leave() -> {
        sessions.suspend(session, CloseReason.CONNECTION_LOST);
        stream.end(CloseReason.CONNECTION_LOST, Advice.RECONNECT);
      }
      case SessionCall.SignOut() -> sessions.signOut(stream);
    }
    return Reception.TAKEN;
  }

  /** The stream's end may arrive before the word that the client goes. */
  private Reception takeSuspended(Session session, SessionCall call) {
    return switch (call.verb()) {
      case SessionCall.Heartbeat _, SessionCall.Status _ -> Reception.SUSPENDED;
      case SessionCall.Leave() -> {
        session.lastSignMillis = context.nowMillis();
        yield Reception.TAKEN;
      }
      case SessionCall.SignOut() -> {
        session.lastSignMillis = context.nowMillis();
        // An Open that is still on its way must not bring the session back.
        session.attempt = call.attempt();
        sessions.close(session, CloseReason.SIGNED_OUT);
        yield Reception.TAKEN;
      }
    };
  }

  private void hide(Session session, Attachment stream, boolean hidden) {
    if (session.hidden == hidden) {
      return;
    }
    session.hidden = hidden;
    signsOfLife.expect(session, stream);
    if (session.announced) {
      context.publish(session, null);
    }
  }
}
