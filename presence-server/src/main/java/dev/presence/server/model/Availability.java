package dev.presence.server.model;

/** How a user wishes to be shown. The names are stored in PostgreSQL. */
public enum Availability {
  /** As the sessions say. */
  AVAILABLE,
  /** As busy while any session counts. */
  BUSY
}
