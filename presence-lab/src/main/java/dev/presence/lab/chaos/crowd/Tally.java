package dev.presence.lab.chaos.crowd;

import java.util.concurrent.atomic.AtomicLong;

/** What a crowd has done so far. Thread-safe. */
public final class Tally {

  final AtomicLong arrivals = new AtomicLong();
  final AtomicLong signOuts = new AtomicLong();
  final AtomicLong vanishings = new AtomicLong();
  final AtomicLong cuts = new AtomicLong();

  /** In words, for people. */
  @Override
  public String toString() {
    return "%d came, %d signed out, %d vanished, %d were cut and came back"
        .formatted(arrivals.get(), signOuts.get(), vanishings.get(), cuts.get());
  }
}
