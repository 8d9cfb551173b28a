package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.RunClock;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done when, on a clock that can be stopped: while it stands, nothing becomes due.
 * Anyone may add; one thread, which calls {@link #runDue}, does everything.
 */
final class Schedule {

  private final RunClock clock;
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();

  /** Something was added. */
  private final Semaphore news = new Semaphore(0);

  private long added;
  private long stoodMicros;
  private long stoppedAtMicros = -1;

  private record Entry(long dueMicros, long order, Runnable task) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(dueMicros, other.dueMicros);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** A schedule that begins now, at zero. */
  Schedule(RunClock clock) {
    this.clock = clock;
    stoodMicros = clock.micros();
  }

  /** The time on the schedule's clock. */
  synchronized long micros() {
    return (stoppedAtMicros >= 0 ? stoppedAtMicros : clock.micros()) - stoodMicros;
  }

  synchronized void at(long dueMicros, Runnable task) {
    entries.add(new Entry(dueMicros, added++, task));
    news.release();
  }

  void after(long delayMillis, Runnable task) {
    at(micros() + delayMillis * 1_000, task);
  }

  /** Stops the clock. */
  synchronized void stop() {
    if (stoppedAtMicros < 0) {
      stoppedAtMicros = clock.micros();
    }
  }

  /** Lets the clock go on from where it was stopped. */
  synchronized void goOn() {
    if (stoppedAtMicros >= 0) {
      stoodMicros += clock.micros() - stoppedAtMicros;
      stoppedAtMicros = -1;
    }
  }

  /** Does what is due, and then waits for the next to become due, at most so long. */
  void runDue(long patienceMillis) throws InterruptedException {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
    }
    if (news.tryAcquire(untilNextMicros(patienceMillis), TimeUnit.MICROSECONDS)) {
      int _ = news.drainPermits();
    }
  }

  private synchronized @Nullable Runnable next() {
    Entry first = entries.peek();
    if (first == null || first.dueMicros > micros()) {
      return null;
    }
    entries.poll();
    return first.task;
  }

  private synchronized long untilNextMicros(long patienceMillis) {
    Entry first = entries.peek();
    long patienceMicros = patienceMillis * 1_000;
    return first == null || stoppedAtMicros >= 0
        ? patienceMicros
        : Math.clamp(first.dueMicros - micros(), 0, patienceMicros);
  }
}
