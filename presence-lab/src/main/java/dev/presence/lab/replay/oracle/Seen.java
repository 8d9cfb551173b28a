package dev.presence.lab.replay.oracle;

/** What a client shows of a contact. */
public enum Seen {
  /** Nothing was told yet, or it cannot be told. */
  UNKNOWN(0),
  /** No session counts. */
  OFFLINE(1),
  /** A session counts that is active. */
  ONLINE(2),
  /** Sessions count, none is active. */
  AWAY(3),
  /** Sessions count, and the user wishes to be shown as busy. */
  BUSY(4);

  private static final Seen[] BY_NUMBER = values();

  private final int number;

  Seen(int number) {
    this.number = number;
  }

  /** Its number in compact logs, 0 to 4. */
  int number() {
    return number;
  }

  static Seen of(int number) {
    return BY_NUMBER[number];
  }

  /** This state as a set of one. */
  int mask() {
    return 1 << number;
  }

  /** The names of the states in a set, such as {@code OFFLINE or ONLINE}. */
  static String describe(int mask) {
    StringBuilder names = new StringBuilder();
    for (Seen state : BY_NUMBER) {
      if ((mask & state.mask()) != 0) {
        names.append(names.isEmpty() ? "" : " or ").append(state);
      }
    }
    return names.toString();
  }
}
