import type { Hello } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import { dateOf } from "../presence.js";
import type { ConnectionState } from "../state.js";
import type { SessionIdentity } from "./session-identity.js";
import type { SessionListener, SessionSetup } from "./session-setup.js";
import type { StatusWish } from "./status-wish.js";

/** Tells the listener of the session's doings, in the listener's words. */
export class Announcer {
  readonly #loop: Loop;
  readonly #listener: SessionListener;
  readonly #identity: SessionIdentity;
  readonly #wish: StatusWish;
  #again: boolean; // whether a connection was had before
  #leaving = false;

  constructor(
    { loop, listener, again }: SessionSetup,
    identity: SessionIdentity,
    wish: StatusWish,
  ) {
    this.#loop = loop;
    this.#listener = listener;
    this.#identity = identity;
    this.#wish = wish;
    this.#again = again ?? false;
  }

  /** From now on only the end counts: who signs out need not see the connection come and go. */
  leaving(): void {
    this.#leaving = true;
  }

  /** How the connection stands. */
  state(state: ConnectionState): void {
    if (!this.#leaving || state.kind === "offline") {
      this.#listener.onState(state);
    }
  }

  /** On the way to a server; with what happened last, if anything has. */
  connecting(why: { readonly reason?: string } = {}): void {
    this.state({ kind: "connecting", again: this.#again, ...why });
  }

  /** A server has begun or resumed the session. */
  session({ sessionId, node, serverTime }: Hello, attempt: number, resumed: boolean): void {
    this.#listener.onSession({
      sessionId,
      attempt,
      resumed,
      node,
      serverTime: dateOf(serverTime) ?? new Date(this.#loop.wall()),
    });
    this.#again = true;
  }

  /** The user's own status. */
  self(): void {
    const { availability, activity } = this.#wish;
    this.#listener.onSelf({ availability, activity });
  }

  /** By what the session is carried on from now on. */
  ticket(): void {
    this.#listener.onTicket(this.#identity.ticket());
  }
}
