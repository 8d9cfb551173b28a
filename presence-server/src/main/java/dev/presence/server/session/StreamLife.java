package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import dev.presence.server.presence.Outbound.Advice;

/**
 * Ends streams that have lived for long enough, so that clients spread over the servers again after
 * one has been added: each is asked to move, at a time of its own. Belongs to the lane's loop.
 */
final class StreamLife {

  /** Nothing hurries, so whoever finds no place at once may go on looking. */
  private static final long MOVE_WITHIN_MILLIS = 10_000;

  private static final long MOVE_PATIENCE_MILLIS = 60_000;

  /** How often it is looked: so many times in a life, but no less than every ten seconds. */
  private static final int LOOKS = 50;

  private static final long LOOK_MILLIS = 10_000;

  /** How much longer or shorter than usual a life may be. */
  private static final double SPREAD = 0.2;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final LaneContext context;
  private final SessionRegistry registry;
  private final Moves moves;
  private final long lifeMillis;
  private final long lookMillis;

  StreamLife(LaneContext context, SessionRegistry registry, Moves moves) {
    this.context = context;
    this.registry = registry;
    this.moves = moves;
    lifeMillis = context.timings().streamLife().toMillis();
    lookMillis = Math.max(1, Math.min(LOOK_MILLIS, lifeMillis / LOOKS));
    lookAgain();
  }

  private void lookAgain() {
    var _ = context.lane().schedule(lookMillis, this::look);
  }

  private void look() {
    long now = context.nowMillis();
    for (Session session : registry.all()) {
      Attachment stream = session.attachment;
      if (stream != null
          && !stream.askedToMove
          && now - session.attachedMillis >= lifeMillis(session, lifeMillis)) {
        moves.move(
            session,
            stream,
            Math.min(MOVE_WITHIN_MILLIS, lifeMillis),
            MOVE_PATIENCE_MILLIS,
            CloseReason.DRAINING,
            Advice.RECONNECT_ELSEWHERE);
      }
    }
    lookAgain();
  }

  /**
   * How long the newest stream of a session lives: random, but the same whenever it is asked, so
   * that nothing needs to be remembered for each of many thousand streams.
   */
  static long lifeMillis(Session session, long usualMillis) {
    long mixed = session.id.uuid().getLeastSignificantBits() + session.attempt * GOLDEN;
    mixed = (mixed ^ (mixed >>> 32)) * GOLDEN;
    mixed = (mixed ^ (mixed >>> 29)) * GOLDEN;
    double chance = (mixed >>> 11) * 0x1.0p-53;
    return Math.round(usualMillis * (1 - SPREAD + 2 * SPREAD * chance));
  }
}
