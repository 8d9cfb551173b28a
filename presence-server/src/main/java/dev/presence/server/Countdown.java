package dev.presence.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time in which a server ends, shared by the steps of its end. */
final class Countdown {

  private static final Logger log = LoggerFactory.getLogger(Countdown.class);

  /** Every step has its chance, however long the others took. */
  private static final Duration LEAST = Duration.ofMillis(500);

  private final long endNanos;

  Countdown(Duration time) {
    endNanos = System.nanoTime() + time.toNanos();
  }

  /** What is left, but no more than this. */
  Duration left(Duration most) {
    Duration left = Duration.ofNanos(endNanos - System.nanoTime());
    Duration some = left.compareTo(LEAST) < 0 ? LEAST : left;
    return some.compareTo(most) < 0 ? some : most;
  }

  /** Waits for a step, but no longer than this; the next one follows in any case. */
  void await(CompletableFuture<?> step, Duration most) {
    try {
      var _ = step.orTimeout(left(most).toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      log.atWarn().setCause(e.getCause()).log("a step of the end did not finish; going on");
    }
  }
}
