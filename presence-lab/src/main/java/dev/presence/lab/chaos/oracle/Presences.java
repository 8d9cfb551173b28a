package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Truth.Segment;
import dev.presence.lab.chaos.oracle.Truth.State;
import java.util.ArrayList;
import java.util.List;

/**
 * Works out what others must see of a client: ON while it is connected, and while it is away for no
 * longer than its grace period; OFF once it has gone and had the time to be missed.
 */
final class Presences {

  private final List<Trouble> troubles;

  Presences(List<Trouble> troubles) {
    this.troubles = troubles;
  }

  List<Segment> of(Visit visit) {
    List<Segment> spans = new ArrayList<>();
    List<Stretch> stretches = visit.stretches();
    for (long open : visit.unanswered()) {
      // Somebody may have heard of it.
      long until = offlineBy(open, open + Rules.GRACE + Rules.TOLD, Rules.OFFLINE_AFTER_FAULT);
      maybe(spans, open, until);
    }
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      maybe(spans, stretch.openMicros(), stretch.fromMicros() + Rules.SEEN);
      on(spans, stretch.fromMicros() + Rules.SEEN, stretch.toMicros());
      if (!stretch.lasts()) {
        after(spans, stretch, visit.nextHello(i), visit.nextSeen(i));
      }
    }
    return spans;
  }

  private void after(List<Segment> spans, Stretch stretch, long back, long seen) {
    long end = stretch.toMicros();
    switch (stretch.end()) {
      case GREETED -> on(spans, end, seen);
      case SIGNED_OUT -> {
        long left = stretch.leftMicros();
        on(spans, end, Math.min(left, end + Rules.GRACE - Rules.NOTICE));
        maybe(spans, left, offlineBy(left, left + Rules.TOLD, 0));
      }
      case UNCONFIRMED -> {
        long gone = end + Rules.GRACE + Rules.TOLD;
        maybe(spans, end, offlineBy(end, gone, Rules.OFFLINE_AFTER_FAULT));
      }
      default -> {
        long grace = graceEnd(stretch);
        long surely = grace - Rules.NOTICE;
        if (back <= surely) {
          on(spans, end, seen);
        } else {
          on(spans, end, surely);
          long by = offlineBy(end, grace + Rules.TOLD, Rules.OFFLINE_AFTER_FAULT);
          maybe(spans, surely, Math.min(by, back));
        }
      }
    }
  }

  /**
   * Until when a client without a stream counts. A client that leaves a server which is as good as
   * dead is not heard of any more: what counts then is the server's handover.
   */
  private long graceEnd(Stretch stretch) {
    long grace = stretch.toMicros() + Rules.GRACE;
    if (stretch.end().planned()) {
      for (Trouble trouble : troubles) {
        long lost = trouble.lostSince(stretch.node(), stretch.fromMicros());
        if (lost <= stretch.toMicros() && trouble.covers(stretch.toMicros())) {
          grace = Math.min(grace, lost + Rules.LEASE_AND_HANDOVER);
        }
      }
    }
    return Math.max(grace, stretch.toMicros());
  }

  /** By when somebody must be seen offline; faults on the way give more time. */
  private long offlineBy(long from, long usually, long afterFault) {
    long by = usually;
    for (Trouble trouble : troubles) {
      if (trouble.touches(from, by)) {
        long more = Math.max(afterFault, trouble.rightWithinMicros());
        by = Math.max(by, trouble.healedMicros() + more);
      }
    }
    return by;
  }

  private static void on(List<Segment> spans, long from, long to) {
    spans.add(new Segment(from, to, State.ON));
  }

  private static void maybe(List<Segment> spans, long from, long to) {
    spans.add(new Segment(from, to, State.MAYBE));
  }
}
