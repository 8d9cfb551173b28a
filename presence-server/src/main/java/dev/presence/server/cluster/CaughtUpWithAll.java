package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;

/**
 * The question of {@link CaughtUp}, of servers too that cannot tell what has happened there: while
 * any is unheard, the answer is put off. Belongs to the cluster's loop.
 */
final class CaughtUpWithAll {

  private static final long AGAIN_MILLIS = 250;

  private final EventLoop loop;
  private final CaughtUp caughtUp;
  private final Unheard unheard;

  CaughtUpWithAll(EventLoop loop, CaughtUp caughtUp, Unheard unheard) {
    this.loop = loop;
    this.caughtUp = caughtUp;
    this.unheard = unheard;
  }

  /** Runs {@code then} once everything that had happened anywhere has been handed to the sink. */
  void ask(Runnable then) {
    if (unheard.any(loop.nowMillis())) {
      loop.schedule(AGAIN_MILLIS, () -> ask(then));
      return;
    }
    long arrivals = unheard.arrivals();
    caughtUp.ask(
        () -> {
          if (unheard.arrivals() == arrivals) {
            then.run();
          } else {
            ask(then); // the answer may have taken a whole outage
          }
        });
  }
}
