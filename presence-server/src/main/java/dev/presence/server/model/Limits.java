package dev.presence.server.model;

/**
 * Every bound on work and memory, in one place. What is not bounded here is bounded by what it
 * serves: so many sessions, contacts or nodes as there are.
 */
public final class Limits {

  /**
   * Entries in one change set, and in one chunk of a part that is written again: bounds the time
   * for which a script holds up the store.
   */
  public static final int CHANGE_SET_ENTRIES = 500;

  /** Change sets that are read from a node's stream at a time. */
  public static final int CATCH_UP_CHANGE_SETS = 200;

  /** Change sets that stay in a node's stream after they are in the history: for catching up. */
  public static final int STREAM_CHANGE_SETS = 1_000;

  /** Sessions of a lost node that a lane drops in one task. */
  public static final int DROPPED_SESSIONS = 500;

  /** Lost nodes that are remembered, so that a store rolled back does not bring them back. */
  public static final int REMEMBERED_NODES = 1_000;

  /** Sessions that moved away, of which a node remembers when it heard the client last. */
  public static final int REMEMBERED_MOVES = 20_000;

  /** Other servers that have spoken to this one and may be asked what they see of the store. */
  public static final int ACQUAINTANCES = 200;

  /** Users who are offline, and whose last seen a lane remembers. */
  public static final int REMEMBERED_OFFLINE = 200_000;

  /**
   * Users whose rosters are waited for at a time; while there are more, new streams queue. Two full
   * loads are half of it, so that the next ones gather meanwhile.
   */
  public static final int AWAITED_ROSTERS = 1_000;

  /** Opens that wait for their turn; who comes when there are more is refused. */
  public static final int WAITING_OPENS = 10_000;

  /** Opens that a lane takes in one task, so that what live sessions say comes in between. */
  public static final int OPENS_AT_A_TIME = 32;

  /** Presences in one frame to a client. */
  public static final int FRAME_ENTRIES = 500;

  /** Rows, and wishes, in one transaction of the history. */
  public static final int BATCH_ROWS = 1_000;

  /** Change sets that are read back at a time from the stream in which they waited. */
  public static final int READ_BACK_CHANGE_SETS = 50;

  private Limits() {}
}
