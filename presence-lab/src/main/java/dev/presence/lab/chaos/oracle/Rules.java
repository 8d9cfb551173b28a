package dev.presence.lab.chaos.oracle;

/**
 * What is promised, and how exactly it is checked. In microseconds unless the name says otherwise.
 */
final class Rules {

  /** A session without a stream counts for so long. */
  static final long GRACE = 10_000_000;

  /**
   * A server is lost when its lease is over, and its sessions count for the handover after that: 5
   * s and 10 s, but the lease may have been renewed last a second before the fault.
   */
  static final long LEASE_AND_HANDOVER = 14_000_000;

  /** Somebody who has gone is told offline so soon after the last fault: lease, grace and 4 s. */
  static final long OFFLINE_AFTER_FAULT = 19_000_000;

  /** Who has come is to be seen by then, when nothing is wrong. */
  static final long SEEN = 1_000_000;

  /** Who has gone is to be told offline by then, when nothing is wrong. */
  static final long TOLD = 2_000_000;

  /** On a busy machine news are on their way for so much longer: speed is measured elsewhere. */
  static final long LAG = 2_000_000;

  /** A watcher that has just come, or come back, has its contacts by then. */
  static final long SNAPSHOT = 5_000_000;

  /** Server and client notice the end of a stream at times that differ by less. */
  static final long NOTICE = 300_000;

  /** A client whose line is whole again so soon after it was cut has the time to come back. */
  static final long FREE_AGAIN = 6_000_000;

  /** A message sent so shortly before the end may have been lost with it. */
  static final long MAY_BE_LOST = 500_000;

  /** An Open that nobody answered may have begun a session at a time that differs by less. */
  static final long UNANSWERED = 10_000_000;

  /** Times in views and rows are right when they differ by at most this. */
  static final long TOLERANCE_MILLIS = 1_000;

  /** A message is heard after it was sent: on a busy machine so much later. */
  static final long UNDERWAY_MILLIS = 1_500;

  private Rules() {}
}
