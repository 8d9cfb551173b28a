package dev.presence.server.model;

/**
 * How far a node's part in the store goes.
 *
 * @param position the last change set; while building: the new epoch, with sequence number 0
 * @param building the node is writing all of its part again, and what stands there is incomplete
 */
public record Head(Position position, boolean building) {

  /** A complete part up to {@code position}. */
  public static Head at(Position position) {
    return new Head(position, false);
  }

  /** A part that is being written again in {@code epoch}. */
  public static Head building(long epoch) {
    return new Head(new Position(epoch, 0), true);
  }

  /** Whether everything up to {@code other} stands in the store, or stood there. */
  public boolean reached(Position other) {
    return position.reached(other);
  }
}
