package dev.presence.server.model;

/** What others see of a user. */
public enum PresenceState {
  /** Cannot be told now; never shown as offline. */
  UNKNOWN,
  /** No session counts. */
  OFFLINE,
  /** At least one session is active. */
  ONLINE,
  /** Sessions count, none is active. */
  AWAY,
  /** Sessions count, and the user wishes to be shown as busy. */
  BUSY
}
