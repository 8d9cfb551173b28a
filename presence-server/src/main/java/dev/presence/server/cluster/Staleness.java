package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what this server knows of the others may be out of date: from when contact is lost, or
 * the server was paused, until it has caught up. Changes on the cluster's loop, may be read from
 * any thread.
 */
final class Staleness {

  private static final Logger log = LoggerFactory.getLogger(Staleness.class);

  /** A gap between two looks that is longer than usual by this means that the server was paused. */
  private static final long PAUSE_MILLIS = 1_000;

  private final EventLoop loop;
  private final SharedClock clock;
  private final Contact contact;
  private final CaughtUp caughtUp;
  private final ReplicaSink sink;

  private volatile boolean stale = true;
  private volatile long completeUntilMillis;
  private boolean catchingUp;
  private long lastTick;

  Staleness(
      EventLoop loop, SharedClock clock, Contact contact, CaughtUp caughtUp, ReplicaSink sink) {
    this.loop = loop;
    this.clock = clock;
    this.contact = contact;
    this.caughtUp = caughtUp;
    this.sink = sink;
  }

  /**
   * Looks at the time.
   *
   * @param usualMillis after how long it was to be called
   * @param onFresh runs when this server has caught up
   */
  void tick(long usualMillis, Runnable onFresh) {
    long now = loop.nowMillis();
    if (lastTick > 0 && now - lastTick > usualMillis + PAUSE_MILLIS) {
      log.atWarn().addKeyValue("millis", now - lastTick).log("this server was paused");
      contact.interrupt(now);
      become(true);
    }
    lastTick = now;
    if (!contact.inContact(now)) {
      become(true);
    } else if (stale && !catchingUp) {
      catchingUp = true;
      caughtUp.ask(
          () -> {
            catchingUp = false;
            become(!contact.inContact(loop.nowMillis()));
            onFresh.run();
          });
    }
    if (!stale) {
      completeUntilMillis = clock.at(contact.lastAnswer());
    }
  }

  private void become(boolean now) {
    if (stale != now) {
      stale = now;
      log.atInfo().addKeyValue("stale", now).log("what this server knows of the others");
      sink.staleness(now, completeUntilMillis);
    }
  }

  boolean stale() {
    return stale;
  }

  /** Until when this server's knowledge was complete: Unix milliseconds of the shared clock. */
  long completeUntilMillis() {
    return stale ? completeUntilMillis : clock.nowMillis();
  }
}
