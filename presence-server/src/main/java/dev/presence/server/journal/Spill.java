package dev.presence.server.journal;

import dev.presence.server.model.ChangeSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What waits in the node's stream, and not in memory: where it begins, and one mark for each second
 * of it, which says when that was and how much had come by then. Belongs to the journal's loop.
 */
final class Spill {

  private static final long MARK_MILLIS = 1_000;

  private final Deque<Mark> marks = new ArrayDeque<>();

  /** Where numbers were left out, since what had them was never acknowledged: the one before. */
  private final Map<Long, Long> predecessors = new HashMap<>();

  private long readTo;
  private long last;
  private Amount all = Amount.NONE;
  private Amount gone = Amount.NONE;

  /** Changes, and rows that came of them. */
  record Amount(long changes, long rows) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(long moreChanges, long moreRows) {
      return new Amount(changes + moreChanges, rows + moreRows);
    }

    Amount minus(Amount other) {
      return new Amount(changes - other.changes, rows - other.rows);
    }
  }

  /**
   * A second of it.
   *
   * @param seq its last change set
   * @param atMillis when its first came
   * @param until all that had come up to its end
   */
  private record Mark(long seq, long atMillis, Amount until) {}

  /** Nothing yet: it begins after {@code seq}. */
  Spill(long seq) {
    readTo = seq;
    last = seq;
  }

  /** A change set stands in the stream, and its rows in no memory. */
  void add(ChangeSet changeSet, int rows, long nowMillis) {
    long seq = changeSet.position().seq();
    if (seq != last + 1) {
      predecessors.put(seq, last);
    }
    last = seq;
    all = all.plus(changeSet.records().size() + changeSet.removals().size(), rows);
    Mark newest = marks.peekLast();
    long atMillis = nowMillis;
    if (newest != null && nowMillis < newest.atMillis + MARK_MILLIS) {
      atMillis = newest.atMillis;
      marks.removeLast();
    }
    marks.addLast(new Mark(seq, atMillis, all));
  }

  /** How much waits. */
  Amount waiting() {
    return all.minus(gone);
  }

  /** Up to where it has been read back, or is lost. */
  long readTo() {
    return readTo;
  }

  /** The newest change set. */
  long last() {
    return last;
  }

  boolean over() {
    return readTo >= last;
  }

  /** When a change set came, to a second. */
  long timeOf(long seq, long otherwise) {
    return marks.stream()
        .filter(mark -> mark.seq >= seq)
        .findFirst()
        .map(Mark::atMillis)
        .orElse(otherwise);
  }

  /** The change set that was published before this one. */
  long before(long seq) {
    return predecessors.getOrDefault(seq, seq - 1);
  }

  /** What comes up to {@code seq} waits no more. Returns how much that was, by whole seconds. */
  Amount advance(long seq) {
    Amount before = gone;
    readTo = Math.max(readTo, seq);
    predecessors.remove(seq);
    while (!marks.isEmpty() && marks.getFirst().seq <= readTo) {
      gone = marks.removeFirst().until;
    }
    return gone.minus(before);
  }

  /**
   * Lets go of the oldest, by whole seconds, until no more than {@code changes} wait.
   *
   * @return how much that was
   */
  Amount shrink(long changes) {
    Amount before = gone;
    while (marks.size() > 1 && waiting().changes() > changes) {
      advance(marks.getFirst().seq);
    }
    return gone.minus(before);
  }
}
