package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionKey;
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

  /** By this age, all servers have heard of a session, even if a message was lost. */
  private static final long YOUNG_MILLIS = 5_000;

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
    SessionKey key = call.session();
    if (context.lane().endedAt(key.id(), key.user()) > 0) {
      return Whereabouts.here(Reception.NOT_FOUND);
    }
    Cluster cluster = context.cluster();
    if (cluster.stale() || !cluster.complete()) {
      return Whereabouts.here(Reception.UNREACHABLE);
    }
    long age = context.clock().nowMillis() - key.id().openedAtMillis();
    return Whereabouts.nowhere(Math.abs(age) < YOUNG_MILLIS);
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
    if (stream == null || call.attempt() > session.attempt) {
      return takeDetached(session, stream, call);
    }
    stream.touch();
    switch (call.verb()) {
      case SessionCall.Heartbeat(boolean hidden) -> hide(session, stream, hidden);
      case SessionCall.Status(Activity activity, Availability availability, long wishAtMillis) ->
          sessions.updateStatus(stream, activity, availability, wishAtMillis);
      case SessionCall.Leave() -> {
        sessions.suspend(session, CloseReason.CONNECTION_LOST);
        stream.end(CloseReason.CONNECTION_LOST, Advice.RECONNECT);
      }
      case SessionCall.SignOut() -> sessions.signOut(stream);
    }
    return Reception.TAKEN;
  }

  /**
   * No stream here is the one that the client speaks of: that has ended before the word that the
   * client goes, or it is still on its way, here or to another server that has not been heard of.
   *
   * @param stream an older one that the client has given up, null if there is none
   */
  private Reception takeDetached(Session session, @Nullable Attachment stream, SessionCall call) {
    boolean newer = call.attempt() > session.attempt;
    return switch (call.verb()) {
      case SessionCall.Heartbeat _, SessionCall.Status _ ->
          newer ? Reception.UNREACHABLE : Reception.SUSPENDED;
      case SessionCall.Leave() -> {
        if (stream != null) {
          stream.touch();
          sessions.suspend(session, CloseReason.CONNECTION_LOST);
          stream.end(CloseReason.CONNECTION_LOST, Advice.RECONNECT);
        }
        session.lastSignMillis = context.nowMillis();
        yield Reception.TAKEN;
      }
      case SessionCall.SignOut() -> {
        if (stream != null) {
          stream.touch();
        }
        session.lastSignMillis = context.nowMillis();
        // An Open that is still on its way must not bring the session back.
        session.attempt = call.attempt();
        sessions.close(session, CloseReason.SIGNED_OUT);
        if (stream != null) {
          stream.end(CloseReason.SIGNED_OUT, Advice.STOP);
        }
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
