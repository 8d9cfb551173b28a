package dev.presence.lab.behaviour;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;

/** A moment on both clocks: the one that measures, and the one that people read. */
record Moment(long nanos, Instant time) {

  static Moment now() {
    return new Moment(System.nanoTime(), Instant.now());
  }

  /** How long ago it was. */
  Duration ago() {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** How long after it an event came. */
  Duration until(Person.Event event) {
    return Duration.ofNanos(event.nanos() - nanos);
  }

  /** Waits until it is so long ago: for what must not happen meanwhile. */
  void awaitAgo(Duration length) {
    Awaitility.await()
        .atMost(length.plusSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ago().compareTo(length) >= 0);
  }
}
