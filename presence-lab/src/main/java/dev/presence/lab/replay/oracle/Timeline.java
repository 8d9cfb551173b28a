package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Life.Activity;
import dev.presence.lab.replay.oracle.Life.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * One user's merged presence over time, as far as it can be known from outside: at each moment the
 * set of states that may be true. There is more than one between an Open and its hello, and after
 * two wishes whose order nobody can know.
 *
 * <p>Merge: no session counts → OFFLINE; BUSY wished → BUSY; a session is active → ONLINE; else
 * AWAY. A session counts from hello until sign-out, or until the grace period after its last cut is
 * over.
 */
final class Timeline {

  private final List<Segment> segments;
  private final List<Span> suspensions = new ArrayList<>();
  private final List<Life> byEnd;

  /**
   * A time in which the set of possible states was the same.
   *
   * @param fromMicros its begin
   * @param toMicros its end, excluded
   * @param mask the states, see {@link Seen#mask}
   * @param causeMicros when the client acted that brought it about: before {@code fromMicros} if
   *     the change could be seen before it had to be
   */
  record Segment(long fromMicros, long toMicros, int mask, long causeMicros) {
    boolean certain() {
      return Integer.bitCount(mask) == 1;
    }

    boolean is(Seen state) {
      return mask == state.mask();
    }

    long lengthMicros() {
      return toMicros - fromMicros;
    }
  }

  /**
   * Merges a user's sessions.
   *
   * @param ghosts when there may have been sessions that no client was told of
   */
  Timeline(Collection<Life> lives, Collection<Wished> wishes, Collection<Span> ghosts) {
    segments = new Sweep(lives, wishes, ghosts).segments();
    lives.forEach(life -> suspensions.addAll(life.absences()));
    byEnd = lives.stream().sorted(Comparator.comparingLong(Life::endMicros)).toList();
  }

  /** All segments, in order and without gaps, from the beginning of time to its end. */
  List<Segment> segments() {
    return segments;
  }

  /** The segment at a moment. */
  Segment at(long micros) {
    return segments.get(indexAt(micros));
  }

  /** The index of the segment at a moment. */
  int indexAt(long micros) {
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
    return low;
  }

  /** Whether the user was surely not offline at any moment of a time, both ends included. */
  boolean presentThroughout(long fromMicros, long toMicros) {
    for (int i = indexAt(fromMicros);
        i < segments.size() && segments.get(i).fromMicros <= toMicros;
        i++) {
      if ((segments.get(i).mask & Seen.OFFLINE.mask()) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a session without a stream counted at a moment. */
  boolean suspended(long atMicros) {
    for (Span suspension : suspensions) {
      if (suspension.covers(atMicros)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Between what times the last sign of life of all sessions ended by now lies; zeros if none has.
   */
  LastSeen lastSeen(long atMicros) {
    long min = 0;
    long max = 0;
    for (Life life : byEnd) {
      if (life.endMicros() > atMicros) {
        break;
      }
      min = Math.max(min, life.signMinWallMillis());
      max = Math.max(max, life.signMaxWallMillis());
    }
    return new LastSeen(min, max);
  }

  /**
   * Bounds of a last sign of life.
   *
   * @param minWallMillis not before; 0 if there was none
   * @param maxWallMillis not after
   */
  record LastSeen(long minWallMillis, long maxWallMillis) {
    boolean never() {
      return maxWallMillis == 0;
    }
  }

  /** Walks through what happened to a user, in order, and counts. */
  private static final class Sweep {
    private final List<Step> steps = new ArrayList<>();
    private int active;
    private int away;
    private int perhaps;
    private int wish = AVAILABLE;

    private enum Kind {
      ACTIVE,
      AWAY,
      PERHAPS,
      WISH
    }

    // Which wishes may hold.
    private static final int AVAILABLE = 1;
    private static final int BUSY = 2;

    private record Step(long atMicros, long causeMicros, Kind kind, int by) {}

    Sweep(Collection<Life> lives, Collection<Wished> wishes, Collection<Span> ghosts) {
      lives.forEach(this::add);
      for (Span ghost : ghosts) {
        perhaps(ghost.fromMicros(), ghost.toMicros());
      }
      addWishes(wishes);
      steps.sort(Comparator.comparingLong(Step::atMicros));
    }

    private void addWishes(Collection<Wished> wishes) {
      long before = Long.MIN_VALUE / 2;
      int possible = AVAILABLE;
      for (Wished made :
          wishes.stream().sorted(Comparator.comparingLong(Wished::atMicros)).toList()) {
        int it = made.busy() ? BUSY : AVAILABLE;
        boolean inOrder = made.atMicros() - before >= Rules.WISH_ORDER_MICROS;
        possible = inOrder ? it : possible | it;
        before = made.atMicros();
        steps.add(new Step(made.atMicros(), made.atMicros(), Kind.WISH, possible));
      }
    }

    private void perhaps(long from, long to) {
      steps.add(new Step(from, from, Kind.PERHAPS, 1));
      steps.add(new Step(to, from, Kind.PERHAPS, -1));
    }

    private void add(Life life) {
      perhaps(life.openMicros(), life.helloMicros());
      Kind kind = Kind.ACTIVE;
      steps.add(new Step(life.helloMicros(), life.openMicros(), kind, 1));
      for (Activity activity : life.activities()) {
        steps.add(new Step(activity.atMicros(), activity.atMicros(), kind, -1));
        kind = activity.away() ? Kind.AWAY : Kind.ACTIVE;
        steps.add(new Step(activity.atMicros(), activity.atMicros(), kind, 1));
      }
      if (life.endMicros() < Long.MAX_VALUE) {
        steps.add(new Step(life.endMicros(), life.endMicros(), kind, -1));
      }
    }

    List<Segment> segments() {
      List<Segment> segments = new ArrayList<>();
      long from = Long.MIN_VALUE;
      long cause = from;
      int mask = mask();
      for (int i = 0; i < steps.size(); ) {
        long now = steps.get(i).atMicros;
        long nowCause = now;
        for (; i < steps.size() && steps.get(i).atMicros == now; i++) {
          apply(steps.get(i));
          nowCause = Math.min(nowCause, steps.get(i).causeMicros);
        }
        if (mask() != mask) {
          segments.add(new Segment(from, now, mask, cause));
          from = now;
          cause = nowCause;
          mask = mask();
        }
      }
      segments.add(new Segment(from, Long.MAX_VALUE, mask, cause));
      return segments;
    }

    private void apply(Step step) {
      switch (step.kind) {
        case ACTIVE -> active += step.by;
        case AWAY -> away += step.by;
        case PERHAPS -> perhaps += step.by;
        case WISH -> wish = step.by;
      }
    }

    private int mask() {
      int withActive = busyOr(Seen.ONLINE);
      if (active > 0) {
        return withActive;
      }
      int without = away == 0 ? Seen.OFFLINE.mask() : busyOr(Seen.AWAY);
      return perhaps > 0 ? without | withActive : without;
    }

    private int busyOr(Seen otherwise) {
      return ((wish & BUSY) != 0 ? Seen.BUSY.mask() : 0)
          | ((wish & AVAILABLE) != 0 ? otherwise.mask() : 0);
    }
  }
}
