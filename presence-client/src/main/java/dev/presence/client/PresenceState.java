package dev.presence.client;

/** What others see of a user: the merge of the user's devices and wishes. */
public enum PresenceState {
  /**
   * Cannot be told now. Never to be shown as offline. Also a state that this library is too old to
   * know.
   */
  UNKNOWN,
  /** Not connected with any device. */
  OFFLINE,
  /** Active on at least one device. */
  ONLINE,
  /** Connected, but at none of the devices. */
  AWAY,
  /** Connected, and wishing not to be disturbed. */
  BUSY;

  static PresenceState of(dev.presence.v1.PresenceState wire) {
    return switch (wire) {
      case PRESENCE_STATE_OFFLINE -> OFFLINE;
      case PRESENCE_STATE_ONLINE -> ONLINE;
      case PRESENCE_STATE_AWAY -> AWAY;
      case PRESENCE_STATE_BUSY -> BUSY;
      default -> UNKNOWN;
    };
  }
}
