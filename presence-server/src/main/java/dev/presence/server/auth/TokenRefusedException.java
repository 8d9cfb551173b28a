package dev.presence.server.auth;

/** A token is not accepted. The message is for the caller: it holds no part of the token. */
public final class TokenRefusedException extends Exception {

  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why a token is refused. */
  public enum Reason {
    /** Malformed, not ES256, of an unknown key, with a wrong signature, or with a useless claim. */
    INVALID,
    /** Right, but its time is over. */
    EXPIRED,
    /** Right, but made for somebody else. */
    WRONG_AUDIENCE
  }

  TokenRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
