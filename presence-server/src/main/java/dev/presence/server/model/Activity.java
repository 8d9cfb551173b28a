package dev.presence.server.model;

/** Whether somebody is at a device; a property of a session. */
public enum Activity {
  /** Somebody is at the device. */
  ACTIVE,
  /** Nobody is at it. */
  AWAY
}
