package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import java.util.function.BiConsumer;

/** Closes sessions whose client did not come back in time. Belongs to the lane's loop. */
final class GracePeriods {

  /** How long grace periods are held while the store is away. */
  private static final long MAX_HOLD_MILLIS = 600_000;

  private static final long CHECK_MILLIS = 50;

  private final LaneContext context;
  private final SessionRegistry registry;
  private final BiConsumer<Session, CloseReason> close;

  GracePeriods(
      LaneContext context, SessionRegistry registry, BiConsumer<Session, CloseReason> close) {
    this.context = context;
    this.registry = registry;
    this.close = close;
  }

  /** A session has lost its stream. */
  void begin(Session session, CloseReason reason) {
    session.suspendReason = reason;
    session.suspendedAtMillis = context.nowMillis();
    session.graceStartMillis = context.cluster().contact().graceTime(context.nowMillis());
    context.publish(session, null);
    int attempt = session.attempt;
    var _ = context.lane().schedule(graceMillis(), () -> check(session, attempt));
  }

  private long graceMillis() {
    return context.timings().gracePeriod().toMillis();
  }

  private void check(Session session, int attempt) {
    if (session.attachment != null || session.attempt != attempt || !registry.holds(session)) {
      return;
    }
    long grace = graceMillis();
    long now = context.nowMillis();
    long left = session.graceStartMillis + grace - context.cluster().contact().graceTime(now);
    if (left <= 0) {
      close.accept(session, session.suspendReason);
    } else if (now - session.suspendedAtMillis > grace + MAX_HOLD_MILLIS) {
      close.accept(session, session.suspendReason);
      context.lane().unknown(session.user);
    } else {
      var _ = context.lane().schedule(Math.max(CHECK_MILLIS, left), () -> check(session, attempt));
    }
  }
}
