import type { Hello } from "../gen/presence/v1/presence_pb.js";
import type { KeptWish, StatusWish } from "./status-wish.js";
import type { SessionAddress } from "./uplink.js";

/** By what a session is carried on, here or in another tab. */
export interface Ticket {
  /** Empty: no session yet. */
  readonly sessionId: string;
  /** How many times Open was sent for it. */
  readonly attempt: number;
  /** The status that goes with it. */
  readonly wish: KeptWish;
}

/**
 * Which session this is, and where. Servers tell a newer Open of one session from an older one by
 * its attempt, so every Open is counted, also across reloads and tabs.
 */
export class SessionIdentity {
  readonly #wish: StatusWish;
  #sessionId: string; // empty: no session yet
  #attempt: number; // how many times Open was sent for this session
  #route = ""; // of the server that held it last

  constructor(wish: StatusWish, ticket: Ticket | undefined) {
    this.#wish = wish;
    this.#sessionId = ticket?.sessionId ?? "";
    this.#attempt = ticket?.attempt ?? 0;
  }

  /** The session; empty if there is none yet. */
  get sessionId(): string {
    return this.#sessionId;
  }

  /** How many times Open was sent for it: the number of the newest. */
  get attempt(): number {
    return this.#attempt;
  }

  /** Counts an Open that is about to go out; returns its number. */
  nextAttempt(): number {
    this.#attempt = this.#sessionId === "" ? 1 : this.#attempt + 1;
    return this.#attempt;
  }

  /** A server holds the session; true if it is the one that was asked for, not one in its place. */
  heldBy(hello: Hello): boolean {
    const resumed = hello.resumed && hello.sessionId === this.#sessionId;
    this.#sessionId = hello.sessionId; // a new one keeps the attempt that it was begun with
    this.#route = hello.route;
    return resumed;
  }

  /** The next Open begins a new session. */
  forget(): void {
    this.#sessionId = "";
  }

  /** The user has left the session for good: nobody is to carry it on. */
  end(): void {
    this.#sessionId = "";
    this.#attempt = 0;
  }

  /** Where it is, or was last; nothing if there is no session. */
  address(): SessionAddress | undefined {
    return this.#sessionId === ""
      ? undefined
      : { sessionId: this.#sessionId, attempt: this.#attempt, route: this.#route };
  }

  /** By what another tab, or this one after a reload, can carry it on. */
  ticket(): Ticket {
    return { sessionId: this.#sessionId, attempt: this.#attempt, wish: this.#wish.kept() };
  }
}
