package dev.presence.lab.chaos.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is true of one user, over time: the merge of what is true of each client. */
final class Truth {

  /** What others must see. */
  enum State {
    /** Nobody may be told offline, and everybody must see the user online. */
    ON,
    /** Either may be seen. */
    MAYBE,
    /** Everybody must see the user offline. */
    OFF
  }

  /** A time with one state; {@code toMicros} excluded. */
  record Segment(long fromMicros, long toMicros, State state) {}

  private record Step(long atMicros, State state, int by) {}

  private final List<Segment> segments = new ArrayList<>();

  /** Merges times in which a client was ON or MAYBE. */
  Truth(List<Segment> spans) {
    List<Step> steps = new ArrayList<>();
    for (Segment span : spans) {
      if (span.fromMicros < span.toMicros) {
        steps.add(new Step(span.fromMicros, span.state, 1));
        steps.add(new Step(span.toMicros, span.state, -1));
      }
    }
    steps.sort(Comparator.comparingLong(Step::atMicros));
    int on = 0;
    int maybe = 0;
    long from = Long.MIN_VALUE;
    State state = State.OFF;
    for (int i = 0; i < steps.size(); ) {
      long at = steps.get(i).atMicros;
      for (; i < steps.size() && steps.get(i).atMicros == at; i++) {
        on += steps.get(i).state == State.ON ? steps.get(i).by : 0;
        maybe += steps.get(i).state == State.MAYBE ? steps.get(i).by : 0;
      }
      State now = on > 0 ? State.ON : maybe > 0 ? State.MAYBE : State.OFF;
      if (now != state) {
        segments.add(new Segment(from, at, state));
        from = at;
        state = now;
      }
    }
    segments.add(new Segment(from, Long.MAX_VALUE, state));
  }

  List<Segment> segments() {
    return segments;
  }

  /** Whether it was anything but this at some moment between. */
  boolean wasOther(State state, long fromMicros, long toMicros) {
    return segments.stream()
        .anyMatch(
            segment ->
                segment.state != state
                    && segment.fromMicros <= toMicros
                    && segment.toMicros > fromMicros);
  }

  State at(long micros) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).fromMicros <= micros) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments.get(low).state;
  }
}
