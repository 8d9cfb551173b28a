package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Wish;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.Outbound.Advice;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a session with a new stream from Open to hello and snapshot. Hello is said once the store
 * has the session, or at once if the store is away for all; the roster comes beside that, and hello
 * does not wait for it. Belongs to the lane's loop.
 */
final class Admission {

  /**
   * How long a new session waits for its user's stored wish, so that one who is busy does not flash
   * up as online.
   */
  private static final long WISH_TIMEOUT_MILLIS = 250;

  private static final long ROSTER_RETRY_MILLIS = 1_000;

  private final LaneContext context;
  private final SnapshotFeeder snapshots;
  private final BiConsumer<Session, CloseReason> suspend;

  Admission(
      LaneContext context, SnapshotFeeder snapshots, BiConsumer<Session, CloseReason> suspend) {
    this.context = context;
    this.snapshots = snapshots;
    this.suspend = suspend;
  }

  /** A session that goes on: it is known already, so the world hears of the new stream at once. */
  void resumed(Session session, Attachment stream) {
    announce(session, stream, true);
    if (!session.wishKnown) {
      askWish(session, stream, () -> {});
    }
    feed(session, stream);
  }

  /** A new session: it waits a moment for the stored wish. */
  void begun(Session session, Attachment stream) {
    Runnable announce =
        () -> {
          if (session.attachment == stream && !session.announced) {
            announce(session, stream, false);
          }
        };
    var _ = context.lane().schedule(WISH_TIMEOUT_MILLIS, announce);
    askWish(session, stream, announce);
    feed(session, stream);
  }

  /** Asks for the stored wish until it is there; {@code then} runs after the first answer. */
  private void askWish(Session session, Attachment stream, Runnable then) {
    var _ =
        snapshots
            .wish(session.user)
            .whenComplete(
                (wish, failure) ->
                    context.run(
                        () -> {
                          if (failure == null) {
                            learn(session, stream, wish);
                          } else {
                            later(session, stream, () -> askWish(session, stream, () -> {}));
                          }
                          then.run();
                        }));
  }

  /** Tries again what needs the database, if the stream is still there then. */
  private void later(Session session, Attachment stream, Runnable attempt) {
    var _ =
        context
            .lane()
            .schedule(
                ROSTER_RETRY_MILLIS,
                () -> {
                  if (session.attachment == stream) {
                    attempt.run();
                  }
                });
  }

  /** The stored wish has become known, perhaps late. */
  private void learn(Session session, Attachment stream, Wish stored) {
    if (session.attachment != stream) {
      return;
    }
    session.wishKnown = true;
    Wish newest = Wish.newer(session.wish, Wish.newer(stored, context.lane().wish(session.user)));
    if (!newest.equals(session.wish)) {
      session.wish = newest;
      if (session.announced) {
        context.publish(session, null);
      }
    }
  }

  private void announce(Session session, Attachment stream, boolean resumed) {
    session.announced = true;
    context.publish(session, () -> context.run(() -> greet(session, stream)));
    SessionRecord predecessor = session.predecessor;
    if (predecessor != null) {
      // Not before: whoever knows that session after all must see its user stay.
      session.predecessor = null;
      context.bury(predecessor);
    }
    stream.resumed = resumed;
    if (context.cluster().touch().greetsAtOnce()) {
      greet(session, stream);
    } else {
      long timeout = context.timings().helloTimeout().toMillis();
      var _ = context.lane().schedule(timeout, () -> giveUp(session, stream));
    }
  }

  private void greet(Session session, Attachment stream) {
    if (session.attachment != stream || stream.greeted) {
      return;
    }
    stream.greeted = true;
    stream
        .outbox()
        .hello(
            new Outbound.Hello(
                session.id,
                stream.resumed,
                context.clock().nowMillis(),
                session.wish.availability()));
    if (context.cluster().stale() || stream.rosterPending) {
      sayState(stream);
    }
    stream.outbox().flush();
  }

  /**
   * The session could not be made known in time: another server may do better. It is not dropped,
   * since the store may have it all the same.
   */
  void giveUp(Session session, Attachment stream) {
    if (session.attachment == stream && !stream.greeted) {
      suspend.accept(session, CloseReason.CONNECTION_LOST);
      stream.end(CloseReason.UNAVAILABLE, Advice.RECONNECT_ELSEWHERE);
    }
  }

  /** The store is away for all: who waits for its answer is greeted without. */
  void greetWithout(Session session, Attachment stream) {
    if (session.announced) {
      greet(session, stream);
    }
  }

  private void feed(Session session, Attachment stream) {
    var _ =
        snapshots
            .feed(session.user, stream.outbox(), stream.comesBack)
            .whenComplete((done, failure) -> context.run(() -> fed(session, stream, failure)));
  }

  private void fed(Session session, Attachment stream, @Nullable Throwable failure) {
    if (session.attachment != stream) {
      // It ended meanwhile; its interest may have been registered after that.
      snapshots.forget(stream.outbox());
      return;
    }
    boolean pending = failure != null;
    if (pending != stream.rosterPending) {
      stream.rosterPending = pending;
      sayState(stream);
    }
    if (pending) {
      later(session, stream, () -> feed(session, stream));
    }
  }

  /** The stream is gone. */
  void forget(Attachment stream) {
    snapshots.forget(stream.outbox());
  }

  /** Says how far this server's knowledge can be trusted. */
  void sayState(Attachment stream) {
    stream
        .outbox()
        .serverState(
            new Outbound.ServerState(
                context.cluster().stale(),
                context.cluster().completeUntilMillis(),
                stream.rosterPending));
    stream.outbox().flush();
  }
}
