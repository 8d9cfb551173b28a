package dev.presence.server.cluster;

/** How this server stands with the store, and whose fault it is if it does not reach it. */
public enum Touch {
  /** The store answers. */
  IN_TOUCH(false, false),
  /** It does not, and why that is so is not known yet. */
  LOST(false, false),
  /** It answers nobody: streams stay, and nobody waits for its word. */
  AWAY_FOR_ALL(true, false),
  /** It answers others: clients are better off with them. */
  CUT_OFF(false, true),
  /**
   * No other server answers either. Taken for our fault, but since all may be in this state clients
   * are taken in all the same.
   */
  DESERTED(true, true);

  private final boolean greetsAtOnce;
  private final boolean movesClients;

  Touch(boolean greetsAtOnce, boolean movesClients) {
    this.greetsAtOnce = greetsAtOnce;
    this.movesClients = movesClients;
  }

  /** Whether hello is said without waiting for the store. */
  public boolean greetsAtOnce() {
    return greetsAtOnce;
  }

  /** Whether clients are asked to move to other servers. */
  public boolean movesClients() {
    return movesClients;
  }

  /** Whether new streams are taken. */
  public boolean takesStreams() {
    return this != CUT_OFF;
  }
}
