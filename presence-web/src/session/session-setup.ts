import type { ServerMessage } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import type { Presence } from "../presence.js";
import type { ConnectionState, OwnStatus, SessionInfo } from "../state.js";
import type { Ticket } from "./session-identity.js";
import type { Tokens } from "./tokens.js";
import type { SessionTransport } from "./transport.js";

/** Hears what a session does. */
export interface SessionListener {
  /** How the connection stands. */
  onState(state: ConnectionState): void;
  /** Friends' presences that are new; `complete` with the first ones. */
  onFriends(changed: readonly Presence[], complete: boolean): void;
  /** The user's own status. */
  onSelf(self: OwnStatus): void;
  /** A server has begun or carried on the session. */
  onSession(session: SessionInfo): void;
  /** The ticket has changed; told before an Open goes out with it. */
  onTicket(ticket: Ticket): void;
  /** Each message as it comes. */
  onFrame?(message: ServerMessage): void;
}

/** What the session's machine works with. */
export interface SessionSetup {
  /** Time and chance. */
  readonly loop: Loop;
  /** The calls. */
  readonly transport: SessionTransport;
  /** The user's tokens. */
  readonly tokens: Tokens;
  /** Open.device. */
  readonly device: string;
  /** Open.client_version. */
  readonly clientVersion: string;
  /** Who hears of it. */
  readonly listener: SessionListener;
  /** The session to carry on. */
  readonly ticket?: Ticket | undefined;
  /** Friends' presences that the app knows already. */
  readonly friends?: Iterable<Presence> | undefined;
  /** Whether the connection was lost rather than never had. */
  readonly again?: boolean | undefined;
  /** Whether a session that somebody took over is followed by a new one; else that is the end. */
  readonly surviveTakeover?: boolean | undefined;
}
