import type { Duration } from "@bufbuild/protobuf/wkt";
import { durationMs } from "@bufbuild/protobuf/wkt";
import type { PresenceError } from "../errors.js";
import { type Closed, CloseReason, ReconnectAdvice } from "../gen/presence/v1/presence_pb.js";
import type { OfflineReason } from "../state.js";

/** Why a stream ended, and what to do about it: the one place where that is decided. */
export interface Ending {
  /**
   * - `reconnect`: try again by the usual rules.
   * - `now`: try again at once; the cause is ours alone, so there is no crowd to avoid.
   * - `new-session`: try again with a new session.
   * - `new-token`: ask the app for a new token, once, then try again.
   * - `replaced`: a newer attempt counts, ours or somebody else's.
   * - `stop`: give up.
   */
  readonly next: "reconnect" | "now" | "new-session" | "new-token" | "replaced" | "stop";
  /** The next try comes no sooner than this, in milliseconds. */
  readonly wait: number;
  /** What to report when we stop. */
  readonly reason: OfflineReason;
  /** For people. */
  readonly detail: string;
}

/** Nothing is heard although the connection looks alive. */
export function deadPath(detail: string): Ending {
  return { next: "reconnect", wait: 0, reason: "told-to-stop", detail };
}

/** The page has slept, and found its stream too old to be trusted. */
export function sleptThrough(): Ending {
  return { next: "now", wait: 0, reason: "told-to-stop", detail: "silent while the page slept" };
}

/** The app gave no token. */
export function noToken(detail: string): Ending {
  return { next: "reconnect", wait: 0, reason: "unauthenticated", detail };
}

/** The server said why. */
export function closedBy(closed: Closed): Ending {
  const detail = `closed by the server: ${CloseReason[closed.reason] ?? closed.reason}`;
  const wait = closed.retryAfter ? millisOf(closed.retryAfter) : 0;
  if (closed.reason === CloseReason.REPLACED) {
    return { next: "replaced", wait, reason: "replaced", detail };
  }
  switch (closed.advice) {
    case ReconnectAdvice.STOP:
      return { next: "stop", wait, reason: stopReason(closed.reason), detail };
    case ReconnectAdvice.NEW_TOKEN:
      return { next: "new-token", wait, reason: "unauthenticated", detail };
    default:
      // Which server comes next is the edge's choice, so "elsewhere" asks for nothing more.
      return { next: "reconnect", wait, reason: "told-to-stop", detail };
  }
}

/** The stream ended and nothing was said before: with a status, or cleanly. */
export function endedWith(error: PresenceError | undefined): Ending {
  if (!error) {
    return { next: "reconnect", wait: 0, reason: "told-to-stop", detail: "ended by the server" };
  }
  const detail = [error.code, error.reason, error.message].filter(Boolean).join(" ");
  switch (error.code) {
    case "Unauthenticated":
      return { next: "new-token", wait: 0, reason: "unauthenticated", detail };
    case "PermissionDenied":
      return { next: "stop", wait: 0, reason: "permission-denied", detail };
    case "InvalidArgument":
    case "FailedPrecondition":
      return { next: "stop", wait: 0, reason: "rejected", detail };
    default:
      return { next: "reconnect", wait: error.retryAfter, reason: "told-to-stop", detail };
  }
}

/** A unary call's error, where it says that the stream is worth nothing any more. */
export function refusedSession(error: PresenceError): Ending | undefined {
  switch (error.reason) {
    case "SESSION_NOT_FOUND":
      return { ...deadPath("the server does not know the session"), next: "new-session" };
    case "SESSION_SUSPENDED":
      return deadPath("the session has lost its stream");
    case "SESSION_REPLACED":
      return deadPath("a newer attempt carries the session");
    default:
      return undefined; // The stream decides.
  }
}

/** A length of time off the wire, in milliseconds. */
export function millisOf(duration: Duration): number {
  return durationMs(duration);
}

function stopReason(why: CloseReason): OfflineReason {
  switch (why) {
    case CloseReason.SIGNED_OUT:
      return "signed-out";
    case CloseReason.UNAUTHENTICATED:
      return "unauthenticated";
    case CloseReason.PROTOCOL_ERROR:
      return "rejected";
    default:
      return "told-to-stop";
  }
}
