package dev.presence.lab.simulation;

import java.util.Locale;

/** What can go wrong in a run, besides what clients do. */
enum FaultKind {
  /** Topic messages to everybody are lost. */
  MESSAGES_LOST,
  /** Topic messages come twice. */
  MESSAGES_DUPLICATED,
  /** Topic messages come up to two seconds late. */
  MESSAGES_DELAYED,
  /** Topic messages of different nodes overtake each other. */
  MESSAGES_REORDERED,
  /** One server's topic client hears nothing until it is built anew. */
  TOPIC_DEAF,
  /** Requests are executed, and no answer comes in time. */
  ANSWERS_LOST,
  /** Requests are executed twice. */
  REQUESTS_TWICE,
  /** Requests are executed after their sender has given up. */
  REQUESTS_LATE,
  /** One server is far from Redis. */
  REDIS_FAR,
  /** One server does not reach Redis. */
  REDIS_CUT_ONE,
  /** Some servers do not reach Redis. */
  REDIS_CUT_SOME,
  /** No server reaches Redis. */
  REDIS_AWAY,
  /** Redis loses everything. */
  REDIS_WIPED,
  /** Redis falls back to an older state. */
  REDIS_ROLLED_BACK,
  /** Redis falls back to an older list of nodes alone. */
  NODES_ROLLED_BACK,
  /** Redis falls back to an older state of one node's keys alone. */
  NODE_KEYS_ROLLED_BACK,
  /**
   * Redis falls back to an older state of one node's keys, and while the node writes them again it
   * is stopped, cut off or killed: they stay half written.
   */
  REWRITE_INTERRUPTED,
  /** The clock of Redis steps back. */
  CLOCK_BACK,
  /** A server is killed, and another one started. */
  NODE_KILLED,
  /** A server is stopped for a while, and goes on. */
  NODE_PAUSED,
  /** A server is emptied in an orderly way, and another one started. */
  NODE_DRAINED,
  /** All servers are killed, and new ones started. */
  ALL_KILLED,
  /** PostgreSQL is away. */
  POSTGRES_AWAY,
  /** PostgreSQL takes its time. */
  POSTGRES_SLOW,
  /** PostgreSQL is away, and a server is killed that has rows to write. */
  KILLED_UNWRITTEN,
  /** PostgreSQL commits, and says that it did not. */
  COMMIT_UNREPORTED;

  /** Whether servers are, or may be, out of contact with Redis by it, or count as being so. */
  boolean breaksContact() {
    return switch (this) {
      case ANSWERS_LOST,
          REQUESTS_LATE,
          REDIS_CUT_ONE,
          REDIS_CUT_SOME,
          REDIS_AWAY,
          REDIS_WIPED,
          REDIS_ROLLED_BACK,
          NODES_ROLLED_BACK,
          NODE_KEYS_ROLLED_BACK,
          REWRITE_INTERRUPTED,
          NODE_PAUSED ->
          true;
      default -> false;
    };
  }

  /** Whether what servers tell each other is not heard at once, though they are in contact. */
  boolean hides() {
    return switch (this) {
      case MESSAGES_LOST, MESSAGES_DELAYED, MESSAGES_REORDERED, TOPIC_DEAF, REDIS_FAR -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
