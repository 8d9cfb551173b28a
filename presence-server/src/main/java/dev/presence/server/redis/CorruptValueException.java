package dev.presence.server.redis;

/**
 * A value in Redis is not what this room writes: another program uses the same keys, or a newer
 * release changed a layout.
 */
final class CorruptValueException extends RuntimeException {

  CorruptValueException(String message) {
    super(message);
  }

  CorruptValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
