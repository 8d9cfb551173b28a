package dev.presence.client.cli;

/** What went wrong, in words for the person at the keyboard, on one line. */
final class CliException extends RuntimeException {
  CliException(String message) {
    super(message);
  }
}
