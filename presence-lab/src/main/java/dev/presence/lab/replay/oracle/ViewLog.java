package dev.presence.lab.replay.oracle;

import java.util.Arrays;

/**
 * What one client was told of its contacts, who are known here by their position in its roster:
 * each change of state with its time, and where all stand now. Compact, since a run has tens of
 * thousands of these. Thread-safe.
 */
public final class ViewLog {

  private static final int STATE_BITS = 3;
  private static final int CONTACT_BITS = 13;
  private static final int TIME_SHIFT = STATE_BITS + CONTACT_BITS;

  private final byte[] state;
  private final long[] lastSeenMillis;
  private long[] entries = new long[8];
  private int size;

  ViewLog(int contacts) {
    if (contacts >= 1 << CONTACT_BITS) {
      throw new IllegalArgumentException("too many contacts: " + contacts);
    }
    state = new byte[contacts];
    lastSeenMillis = new long[contacts];
  }

  /**
   * The client was told of a contact.
   *
   * @param lastSeenWallMillis 0 if none was told
   */
  public synchronized void told(long atMicros, int contact, Seen seen, long lastSeenWallMillis) {
    lastSeenMillis[contact] = lastSeenWallMillis;
    if (state[contact] == seen.number()) {
      return;
    }
    state[contact] = (byte) seen.number();
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size++] = atMicros << TIME_SHIFT | (long) contact << STATE_BITS | seen.number();
  }

  /** How the client sees all contacts now. */
  public synchronized View view() {
    return new View(state.clone(), lastSeenMillis.clone());
  }

  synchronized int contacts() {
    return state.length;
  }

  /**
   * All changes, in the order in which they came.
   *
   * @param visitor told of each
   */
  synchronized void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.visit(time(entries[i]), contact(entries[i]), seen(entries[i]));
    }
  }

  /** For each contact its changes, in the order in which they came, see {@link #time}. */
  synchronized long[][] byContact() {
    int[] count = new int[state.length];
    for (int i = 0; i < size; i++) {
      count[contact(entries[i])]++;
    }
    long[][] lists = new long[state.length][];
    for (int contact = 0; contact < lists.length; contact++) {
      lists[contact] = new long[count[contact]];
    }
    Arrays.fill(count, 0);
    for (int i = 0; i < size; i++) {
      int contact = contact(entries[i]);
      lists[contact][count[contact]++] = entries[i];
    }
    return lists;
  }

  static long time(long entry) {
    return entry >> TIME_SHIFT;
  }

  private static int contact(long entry) {
    return (int) (entry >> STATE_BITS) & ((1 << CONTACT_BITS) - 1);
  }

  static Seen seen(long entry) {
    return Seen.of((int) entry & ((1 << STATE_BITS) - 1));
  }

  /** Is told of changes. */
  interface Visitor {
    void visit(long atMicros, int contact, Seen seen);
  }
}
