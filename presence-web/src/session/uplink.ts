import { PresenceError } from "../errors.js";
import { type Activity as WireActivity, Departure } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import { type Ending, refusedSession } from "./ending.js";
import type { LiveStream } from "./live-stream.js";
import type { StatusWish } from "./status-wish.js";
import type { Tokens } from "./tokens.js";
import type { CallOptions, SessionTransport } from "./transport.js";

const SIGN_OUT_RETRY = 1_000;

/** Where a session is, or was last. */
export interface SessionAddress {
  /** The session. */
  readonly sessionId: string;
  /** The newest attempt. */
  readonly attempt: number;
  /** Hello.route. */
  readonly route: string;
}

/** What the uplink works with. */
export interface UplinkSetup {
  /** Time and chance. */
  readonly loop: Loop;
  /** The calls. */
  readonly transport: SessionTransport;
  /** The user's tokens. */
  readonly tokens: Tokens;
}

/** Hears how the calls went. */
export interface UplinkOwner {
  /** A call's answer says that this stream is worth nothing any more. */
  onRefused(stream: LiveStream, ending: Ending): void;
  /** The server has taken the status. */
  onStatusConfirmed(): void;
}

/** What goes up for a session, by unary calls beside its stream: signs of life, status, farewell. */
export class Uplink {
  readonly #setup: UplinkSetup;
  readonly #wish: StatusWish;
  readonly #owner: UplinkOwner;
  #stream: LiveStream | undefined;
  #hidden = false;
  #hiddenTold = false;
  #heartbeats = 0; // to tell the newest one's answer from others
  #updating: LiveStream | undefined; // the stream that an UpdateStatus is on its way for
  #leaving = false;

  constructor(setup: UplinkSetup, wish: StatusWish, owner: UplinkOwner) {
    this.#setup = setup;
    this.#wish = wish;
    this.#owner = owner;
  }

  /** Whether no page can be seen. */
  get isHidden(): boolean {
    return this.#hidden;
  }

  /** What the Open says that goes out now. */
  opening(): { activity: WireActivity; hidden: boolean } {
    this.#hiddenTold = this.#hidden;
    return { activity: this.#wish.open(), hidden: this.#hidden };
  }

  /** This stream carries the session now: it hears what has changed since its Open. */
  onHello(stream: LiveStream): void {
    this.#stream = stream;
    this.#tellHidden();
    this.sendStatus();
  }

  /** A sign of life is asked for; and what did not get through before has another chance. */
  onPing(stream: LiveStream, sequence: bigint): void {
    this.#beat(stream, sequence);
    this.sendStatus();
  }

  /** No page can be seen, or one can again. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#tellHidden();
  }

  /** Sends what the server does not know of the status, if anything. */
  sendStatus(): void {
    const stream = this.#stream;
    if (!stream?.isLive || this.#updating === stream || this.#leaving) {
      return;
    }
    const pending = this.#wish.pending();
    if (!pending) {
      return;
    }
    this.#updating = stream;
    const { sessionId, attempt } = stream;
    this.#call(stream, stream.signal, (options) =>
      this.#setup.transport.updateStatus({ sessionId, attempt, status: pending.update }, options),
    )
      .finally(() => {
        if (this.#updating === stream) {
          this.#updating = undefined;
        }
      })
      .then(
        () => {
          if (stream === this.#stream) {
            pending.confirmed();
            this.#owner.onStatusConfirmed();
            this.sendStatus(); // what was wished meanwhile
          }
        },
        (error: unknown) => this.#onError(stream, error),
      );
  }

  /** Signs the session out; false if nobody confirms it in time, or it is over before. */
  async signOut(address: SessionAddress, limit: number, isOver: () => boolean): Promise<boolean> {
    const { loop, transport } = this.#setup;
    const { sessionId, attempt } = address;
    const last = loop.now() + limit - SIGN_OUT_RETRY;
    this.#leaving = true;
    while (!isOver()) {
      try {
        await this.#call(address, undefined, (options) =>
          transport.disconnect({ sessionId, attempt, departure: Departure.SIGN_OUT }, options),
        );
        return true;
      } catch {
        if (loop.now() >= last) {
          return false;
        }
        await new Promise<void>((resolve) => loop.schedule(SIGN_OUT_RETRY, resolve));
      }
    }
    return false;
  }

  #tellHidden(): void {
    const stream = this.#stream;
    if (stream?.isLive && this.#hidden !== this.#hiddenTold) {
      this.#beat(stream, 0n);
    }
  }

  #beat(stream: LiveStream, sequence: bigint): void {
    const hidden = this.#hidden;
    const before = this.#hiddenTold;
    const count = ++this.#heartbeats;
    this.#hiddenTold = hidden; // and again with the next ping, should this be lost
    const { sessionId, attempt } = stream;
    this.#call(stream, stream.signal, (options) =>
      this.#setup.transport.heartbeat({ sessionId, attempt, sequence, hidden }, options),
    ).catch((error: unknown) => {
      if (count === this.#heartbeats) {
        this.#hiddenTold = before;
      }
      this.#onError(stream, error);
    });
  }

  #onError(stream: LiveStream, cause: unknown): void {
    const ending = refusedSession(PresenceError.from(cause));
    if (ending) {
      this.#owner.onRefused(stream, ending);
    }
  }

  /** A unary call, repeated once with a new token if the one it had was not taken. */
  async #call(
    { route }: { readonly route: string },
    signal: AbortSignal | undefined,
    send: (options: CallOptions) => Promise<void>,
  ): Promise<void> {
    const { tokens } = this.#setup;
    const token = await tokens.get();
    try {
      await send({ token, route, signal });
    } catch (cause) {
      if (PresenceError.from(cause).code !== "Unauthenticated") {
        throw cause;
      }
      tokens.refused(token);
      await send({ token: await tokens.get(), route, signal });
    }
  }
}
