package dev.presence.lab.replay.oracle;

/** How a client sees its contacts at one moment, by their position in its roster. */
public final class View {

  private final byte[] state;
  private final long[] lastSeenMillis;

  View(byte[] state, long[] lastSeenMillis) {
    this.state = state;
    this.lastSeenMillis = lastSeenMillis;
  }

  int contacts() {
    return state.length;
  }

  Seen seen(int contact) {
    return Seen.of(state[contact]);
  }

  /** When an offline contact was last seen, by the wall clock; 0 if never. */
  long lastSeenWallMillis(int contact) {
    return lastSeenMillis[contact];
  }
}
