package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.Outbound.Advice;
import java.util.function.BiConsumer;

/**
 * Brings clients to other servers: asks them to move while their streams go on, and sends away who
 * has not moved. A client that moves opens its new stream before it ends the old one, so nobody
 * sees anything of it; one that is sent away has its grace period. Belongs to the lane's loop.
 */
final class Moves {

  private final LaneContext context;
  private final BiConsumer<Session, CloseReason> suspend;

  Moves(LaneContext context, BiConsumer<Session, CloseReason> suspend) {
    this.context = context;
    this.suspend = suspend;
  }

  /**
   * Asks a client to move at a random moment within this time. Whom it reaches before hello hears
   * it after that.
   */
  void ask(Attachment stream, long withinMillis) {
    stream.askedToMove = true;
    stream.outbox().drain(new Outbound.Drain(withinMillis));
    stream.outbox().flush();
  }

  /** Asks a client to move, and sends it away if it has not when some more time is over. */
  void move(
      Session session,
      Attachment stream,
      long withinMillis,
      long patienceMillis,
      CloseReason reason,
      Advice advice) {
    ask(stream, withinMillis);
    var _ =
        context
            .lane()
            .schedule(
                withinMillis + patienceMillis,
                () -> {
                  if (session.attachment == stream) {
                    sendAway(session, reason, advice);
                  }
                });
  }

  /** Ends a session's stream, if it has one. The session stays in its grace period. */
  void sendAway(Session session, CloseReason reason, Advice advice) {
    Attachment stream = session.attachment;
    if (stream != null) {
      suspend.accept(session, CloseReason.CONNECTION_LOST);
      stream.end(reason, advice);
    }
  }
}
