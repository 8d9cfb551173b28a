package dev.presence.server.config;

/**
 * A value that must not be shown: it prints as stars, so no log line or record gives it away.
 *
 * @param value the secret itself
 */
public record Secret(String value) {

  /** What is shown instead. */
  static final String HIDDEN = "********";

  @Override
  public String toString() {
    return HIDDEN;
  }
}
