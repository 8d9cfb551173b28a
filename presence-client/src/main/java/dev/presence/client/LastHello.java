package dev.presence.client;

import dev.presence.v1.Hello;
import java.time.Duration;
import java.time.Instant;

/**
 * The newest hello, and when it came.
 *
 * @param info what it said
 * @param atMillis when it came, by the loop's clock
 */
record LastHello(SessionInfo info, long atMillis) {

  static LastHello of(Hello hello, boolean resumed, Availability availability, long nowMillis) {
    SessionInfo info =
        new SessionInfo(
            hello.getSessionId(),
            resumed,
            hello.getNode(),
            WireTime.instant(hello.getServerTime()),
            Duration.ofMillis(graceMillis(hello)),
            availability);
    return new LastHello(info, nowMillis);
  }

  private static long graceMillis(Hello hello) {
    return hello.hasGracePeriod()
        ? WireTime.millis(hello.getGracePeriod())
        : SessionMachine.USUAL_GRACE_MILLIS;
  }

  /** The servers' clock. */
  Instant serverTime(long nowMillis) {
    return info.serverTime().plusMillis(nowMillis - atMillis);
  }
}
