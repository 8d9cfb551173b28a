package dev.presence.lab.simulation;

import java.util.Locale;

/** What a run exercises: what clients do, and the rules of the stores that servers run into. */
enum Rule {
  /** A client comes. */
  CAME,
  /** A client's connection is cut. */
  CUT,
  /** A client vanishes for good, without a word. */
  VANISHED,
  /** A client's connection looks alive, and carries nothing. */
  WENT_SILENT,
  /** A session goes on on the same server. */
  RESUMED_HERE,
  /** A session goes on on another server. */
  RESUMED_ELSEWHERE,
  /** A session was not resumed: a new one took its place. */
  RESUME_REFUSED,
  /** A client signs out. */
  SIGNED_OUT,
  /** A client signs out while its session is suspended. */
  SIGNED_OUT_SUSPENDED,
  /** A user has two devices at once. */
  TWO_DEVICES,
  /** A client says AWAY or ACTIVE. */
  ACTIVITY_CHANGED,
  /** A user wishes to be busy, or not to be. */
  WISH_CHANGED,
  /** A contact is struck off a list: the two may not see each other any more. */
  CONTACT_STRUCK_OFF,
  /** A contact is put back on it. */
  CONTACT_PUT_BACK,
  /** A page is hidden or shown. */
  PAGE_HIDDEN,
  /** A presence is read. */
  READ,
  /** A page's call lands on a server that does not hold the session. */
  CALL_FORWARDED,
  /** An application is told that somebody came. */
  TOLD_ONLINE,
  /** An application is told that somebody left. */
  TOLD_OFFLINE,
  /** An application is told that what it knows may be old. */
  TOLD_STALE,
  /** A change set is sent again, and found there already. */
  PUBLISH_REPEATED,
  /** A change set is refused. */
  PUBLISH_REFUSED,
  /** A node begins to write its part again. */
  REWRITE_BEGUN,
  /** A step of a rewrite is refused. */
  REWRITE_REFUSED,
  /** A rewrite is complete. */
  REWRITE_ENDED,
  /** A node is read while it is building. */
  READ_BUILDING,
  /** Change sets are caught up with from the stream. */
  CAUGHT_UP_FROM_STREAM,
  /** A node is read in full. */
  READ_IN_FULL,
  /** A node is read while it begins to write its part again: the read fails. */
  READ_TORN,
  /** A stream was trimmed. */
  STREAM_TRIMMED,
  /** A node is marked lost. */
  MARKED_LOST,
  /** A mark is refused. */
  MARK_REFUSED,
  /** A renewal is refused: the node is lost. */
  RENEWAL_REFUSED,
  /** A lost node comes back. */
  CAME_BACK,
  /** A lost node's keys are deleted. */
  FORGOTTEN,
  /** They are not: the node's affairs are not what they were. */
  FORGET_REFUSED,
  /** A topic client is built anew. */
  TOPIC_REBUILT,
  /** A server asks another one whether it reaches Redis. */
  PEER_ASKED,
  /** A server stops serving, since it alone is cut off. */
  STOPPED_SERVING,
  /** A client is asked to move. */
  ASKED_TO_MOVE,
  /** Views are compared with the truth. */
  CONVERGED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
