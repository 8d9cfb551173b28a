package dev.presence.client;

/** Whether somebody is at a device. It belongs to one session. */
public enum Activity {
  /** Somebody is at the device. */
  ACTIVE,
  /** The device is connected, but nobody is at it. A user is away when no session is active. */
  AWAY;

  dev.presence.v1.Activity wire() {
    return this == ACTIVE
        ? dev.presence.v1.Activity.ACTIVITY_ACTIVE
        : dev.presence.v1.Activity.ACTIVITY_AWAY;
  }
}
