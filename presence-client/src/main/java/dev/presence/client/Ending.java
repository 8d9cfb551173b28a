package dev.presence.client;

import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.ReconnectAdvice;

/**
 * Why a stream ended, and what to do about it: the one place where that is decided.
 *
 * @param next what to do
 * @param elsewhere whether the next try should avoid this server
 * @param waitMillis the next try comes no sooner than this
 * @param reason what to report when we stop
 * @param detail for people
 */
record Ending(Next next, boolean elsewhere, long waitMillis, OfflineReason reason, String detail) {

  /** What to do after a stream ended. */
  enum Next {
    /** Try again by the usual rules. */
    RECONNECT,
    /** Ask the app for a new token, once, then try again. */
    NEW_TOKEN,
    /** A newer attempt counts: ours, or somebody else's. */
    REPLACED,
    /** Give up. */
    STOP
  }

  /** The server does not answer although the connection looks alive. */
  static Ending deadPath(String detail) {
    return new Ending(Next.RECONNECT, true, 0, OfflineReason.TOLD_TO_STOP, detail);
  }

  /** The app gave no token. */
  static Ending noToken(String detail) {
    return new Ending(Next.RECONNECT, false, 0, OfflineReason.UNAUTHENTICATED, detail);
  }

  /** The server said why. */
  static Ending of(Closed closed) {
    CloseReason why = closed.getReason();
    String detail = "closed by the server: " + why.name().replace("CLOSE_REASON_", "");
    long waitMillis = closed.hasRetryAfter() ? WireTime.millis(closed.getRetryAfter()) : 0;
    if (why == CloseReason.CLOSE_REASON_REPLACED) {
      return new Ending(Next.REPLACED, false, waitMillis, OfflineReason.REPLACED, detail);
    }
    ReconnectAdvice advice = closed.getAdvice();
    return switch (advice) {
      case RECONNECT_ADVICE_STOP -> new Ending(Next.STOP, false, 0, stopReason(why), detail);
      case RECONNECT_ADVICE_NEW_TOKEN ->
          new Ending(Next.NEW_TOKEN, false, waitMillis, OfflineReason.UNAUTHENTICATED, detail);
      case RECONNECT_ADVICE_RECONNECT_ELSEWHERE ->
          new Ending(Next.RECONNECT, true, waitMillis, OfflineReason.TOLD_TO_STOP, detail);
      default -> new Ending(Next.RECONNECT, false, waitMillis, OfflineReason.TOLD_TO_STOP, detail);
    };
  }

  private static OfflineReason stopReason(CloseReason why) {
    return switch (why) {
      case CLOSE_REASON_SIGNED_OUT -> OfflineReason.SIGNED_OUT;
      case CLOSE_REASON_UNAUTHENTICATED -> OfflineReason.UNAUTHENTICATED;
      case CLOSE_REASON_PROTOCOL_ERROR -> OfflineReason.REJECTED;
      default -> OfflineReason.TOLD_TO_STOP;
    };
  }

  /** The stream ended with a status, and nothing was said before. */
  static Ending of(StatusDetails status) {
    String detail = status.toString();
    if (status.isChannelShutDown()) {
      return new Ending(Next.STOP, false, 0, OfflineReason.CHANNEL_SHUT_DOWN, detail);
    }
    long waitMillis = status.retryMillis();
    return switch (status.code()) {
      case UNAUTHENTICATED ->
          new Ending(Next.NEW_TOKEN, false, 0, OfflineReason.UNAUTHENTICATED, detail);
      case PERMISSION_DENIED ->
          new Ending(Next.STOP, false, 0, OfflineReason.PERMISSION_DENIED, detail);
      case INVALID_ARGUMENT, FAILED_PRECONDITION ->
          new Ending(Next.STOP, false, 0, OfflineReason.REJECTED, detail);
      case UNAVAILABLE, RESOURCE_EXHAUSTED -> // a server that takes no sessions now, or not so many
          new Ending(Next.RECONNECT, true, waitMillis, OfflineReason.TOLD_TO_STOP, detail);
      default -> new Ending(Next.RECONNECT, false, waitMillis, OfflineReason.TOLD_TO_STOP, detail);
    };
  }
}
