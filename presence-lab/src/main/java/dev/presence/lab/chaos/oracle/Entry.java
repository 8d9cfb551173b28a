package dev.presence.lab.chaos.oracle;

import dev.presence.lab.replay.oracle.Seen;

/**
 * A line in a client's log.
 *
 * @param atMicros when, on the clock of the run
 * @param deed what
 * @param contact whom it is about, if it is {@link Deed#TOLD}; else -1
 * @param seen what was told of the contact
 * @param lastSeenMillis when the contact was last seen, as told; 0 if that was not
 * @param session which session hello was about; empty otherwise
 * @param text the node that said hello, or why the library gave up, or who the stranger is; empty
 *     otherwise
 */
public record Entry(
    long atMicros,
    Deed deed,
    int contact,
    Seen seen,
    long lastSeenMillis,
    String session,
    String text) {

  static Entry of(long atMicros, Deed deed, String text) {
    return new Entry(atMicros, deed, -1, Seen.UNKNOWN, 0, "", text);
  }
}
