package dev.presence.client;

/** A wish of the user, kept by the servers across devices and sessions until it is changed. */
public enum Availability {
  /** Show what the devices say. */
  AVAILABLE,
  /** Show as busy while connected. */
  BUSY;

  dev.presence.v1.Availability wire() {
    return this == BUSY
        ? dev.presence.v1.Availability.AVAILABILITY_BUSY
        : dev.presence.v1.Availability.AVAILABILITY_AVAILABLE;
  }

  static Availability of(dev.presence.v1.Availability wire) {
    return wire == dev.presence.v1.Availability.AVAILABILITY_BUSY ? BUSY : AVAILABLE;
  }
}
