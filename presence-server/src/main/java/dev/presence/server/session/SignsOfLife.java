package dev.presence.server.session;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Timings;
import java.util.function.BiConsumer;

/**
 * Asks for signs of life, and notices when there are none. Apps send them on their own; pages are
 * pinged, since the timers of a page that cannot be seen stand still. Belongs to the lane's loop.
 */
final class SignsOfLife {

  private final LaneContext context;
  private final BiConsumer<Session, Attachment> onSilence;
  private final PauseWatch pauses;

  /**
   * Watches the streams of one lane.
   *
   * @param onSilence told of a stream whose client has said nothing for too long
   */
  SignsOfLife(LaneContext context, BiConsumer<Session, Attachment> onSilence) {
    this.context = context;
    this.onSilence = onSilence;
    pauses = new PauseWatch(context.lane().loop());
  }

  /** Begins to watch a stream, or watches it on by what holds for its session now. */
  void expect(Session session, Attachment stream) {
    forget(stream);
    long left = pauses.pushed(stream.lastMessageMillis()) + timeout(session) - context.nowMillis();
    stream.deadline = context.lane().schedule(Math.max(0, left), () -> check(session, stream));
  }

  /** Expects nothing of a stream any more. */
  void forget(Attachment stream) {
    EventLoop.Timer deadline = stream.deadline;
    if (deadline != null) {
      deadline.cancel();
      stream.deadline = null;
    }
  }

  private void check(Session session, Attachment stream) {
    if (session.attachment != stream) {
      return;
    }
    long deadline = pauses.pushed(stream.lastMessageMillis()) + timeout(session);
    if (context.nowMillis() < deadline) {
      expect(session, stream);
    } else {
      onSilence.accept(session, stream);
    }
  }

  private long timeout(Session session) {
    Timings timings = context.timings();
    return (session.hidden ? timings.hiddenTimeout() : timings.heartbeatTimeout()).toMillis();
  }

  /** Pings a page until its stream ends. */
  void ping(Session session, Attachment stream) {
    var _ =
        context
            .lane()
            .schedule(
                context.timings().heartbeatInterval().toMillis(),
                () -> {
                  if (session.attachment == stream) {
                    stream.outbox().ping(++stream.pings);
                    stream.outbox().flush();
                    ping(session, stream);
                  }
                });
  }
}
