package dev.presence.client;

import io.grpc.Status;

/** A call that failed. */
public final class PresenceException extends RuntimeException {
  private final Status.Code code;
  private final String reason;

  PresenceException(StatusDetails details) {
    super(details.toString());
    code = details.code();
    reason = details.reason();
  }

  /** The gRPC status. */
  public Status.Code code() {
    return code;
  }

  /**
   * The server's reason, from the table in the protocol's documentation, such as {@code
   * USER_NOT_FOUND}; empty when the failure has none, as when no server was reached.
   */
  public String reason() {
    return reason;
  }
}
