package dev.presence.server.session;

import dev.presence.server.cluster.Touch;
import dev.presence.server.model.CloseReason;
import dev.presence.server.presence.Outbound.Advice;

/**
 * Brings clients to other servers when this one does not reach the store and others do: asks them
 * to move first, and sends away who has not. Where the store is away for all it greets who waits.
 * Belongs to the lane's loop.
 */
final class Evacuation {

  /** How soon clients are to leave, and how long that may take. */
  private static final long MOVE_WITHIN_MILLIS = 2_000;

  private static final long MOVE_PATIENCE_MILLIS = 1_500;

  private final LaneContext context;
  private final SessionRegistry registry;
  private final Admission admission;
  private final Moves moves;

  Evacuation(LaneContext context, SessionRegistry registry, Admission admission, Moves moves) {
    this.context = context;
    this.registry = registry;
    this.admission = admission;
    this.moves = moves;
  }

  /** How this server stands with the store has changed. */
  void touched(Touch touch) {
    for (Session session : registry.all()) {
      Attachment stream = session.attachment;
      if (stream == null) {
        continue;
      }
      if (!stream.greeted && touch.greetsAtOnce()) {
        admission.greetWithout(session, stream);
      } else if (!stream.greeted && !touch.takesStreams()) {
        admission.giveUp(session, stream);
      }
      if (stream.greeted && touch.movesClients()) {
        moves.ask(stream, MOVE_WITHIN_MILLIS);
      }
    }
    if (!touch.takesStreams()) {
      var _ = context.lane().schedule(MOVE_WITHIN_MILLIS + MOVE_PATIENCE_MILLIS, this::sendAway);
    }
  }

  /** Who has not moved though asked to is sent away. */
  private void sendAway() {
    if (context.cluster().touch().takesStreams()) {
      return;
    }
    for (Session session : registry.all()) {
      moves.sendAway(session, CloseReason.UNAVAILABLE, Advice.RECONNECT_ELSEWHERE);
    }
  }
}
