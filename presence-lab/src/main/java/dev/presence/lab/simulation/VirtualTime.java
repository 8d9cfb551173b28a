package dev.presence.lab.simulation;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The one scheduler of a run: what is due first runs first, and of equals what came first. */
final class VirtualTime {

  private final PriorityQueue<Event> events = new PriorityQueue<>(1_024);
  private long nowMillis;
  private long added;

  /** Something that waits for its time. */
  static final class Event implements Comparable<Event> {
    private final long atMillis;
    private final long number;
    private @Nullable Runnable action;

    private Event(long atMillis, long number, Runnable action) {
      this.atMillis = atMillis;
      this.number = number;
      this.action = action;
    }

    /** It will not happen. It is left in the queue until its time: cheaper than looking for it. */
    void cancel() {
      action = null;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  long nowMillis() {
    return nowMillis;
  }

  Event schedule(long delayMillis, Runnable action) {
    Event event = new Event(nowMillis + Math.max(0, delayMillis), added++, action);
    events.add(event);
    return event;
  }

  /** Lets everything happen that is due by then. */
  void advanceTo(long untilMillis) {
    for (Event next = events.peek();
        next != null && next.atMillis <= untilMillis;
        next = events.peek()) {
      events.remove();
      nowMillis = next.atMillis;
      Runnable action = next.action;
      if (action != null) {
        next.action = null;
        action.run();
      }
    }
    nowMillis = untilMillis;
  }

  void advance(long millis) {
    advanceTo(nowMillis + millis);
  }
}
