package dev.presence.server.model;

/**
 * A place in a node's stream of change sets.
 *
 * @param epoch rises each time the node writes all of its part again
 * @param seq number of the change set; goes on across epochs
 */
public record Position(long epoch, long seq) implements Comparable<Position> {

  /** Before anything was written. */
  public static final Position NONE = new Position(0, 0);

  @Override
  public int compareTo(Position other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(seq, other.seq);
  }

  /** Whether this place is at or after {@code other}. */
  public boolean reached(Position other) {
    return compareTo(other) >= 0;
  }
}
