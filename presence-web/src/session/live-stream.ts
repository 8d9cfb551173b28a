import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  Hello,
  ServerMessage,
  SubscribeRequestSchema,
} from "../gen/presence/v1/presence_pb.js";
import type { Loop, Timer } from "../loop.js";
import { closedBy, deadPath, type Ending, endedWith, millisOf, sleptThrough } from "./ending.js";
import type { SessionTransport } from "./transport.js";

const USUAL_INTERVAL = 8_000;
const SHORTEST_SILENCE = 12_000;
/** How much later than due a message may come before the path is dead. */
const PATIENCE = 4_000;
/** How much later than due before a page that has just woken distrusts its stream. */
const PATIENCE_AFTER_SLEEP = 2_000;
/** A timer this late means that the page stood still: what has arrived meanwhile is read first. */
const STOOD_STILL = 2_000;
const SECOND_LOOK = 250;

/** Hears what happens to a stream. */
export interface StreamOwner {
  /** The session is on. */
  onHello(stream: LiveStream, hello: Hello): void;
  /** Any message, before it is acted upon. */
  onFrame(message: ServerMessage): void;
  /** A message other than hello and closed, after hello. */
  onMessage(stream: LiveStream, message: ServerMessage): void;
  /** The stream is over; nothing follows. */
  onEnded(stream: LiveStream, ending: Ending): void;
}

/**
 * One stream and the watch over it: hello must follow the Open, and some message each interval.
 * Where they do not, the path is dead however alive the connection looks. Ends once, with one word
 * to its owner, or none when the owner itself ended it.
 */
export class LiveStream {
  /** Which Open of the session this stream carries. */
  readonly attempt: number;
  /** Ends with the stream; unary calls that make sense only with it are bound to it. */
  readonly signal: AbortSignal;
  /** With which token it was opened. */
  token = "";
  /** Hello.session_id. */
  sessionId = "";
  /** Hello.route. */
  route = "";

  readonly #loop: Loop;
  readonly #owner: StreamOwner;
  readonly #abort = new AbortController();
  #stream: { abort(): void } | undefined;
  #watch: Timer | undefined;
  #helloAt: number | undefined;
  #lastMessage = 0;
  #lastMessageWall = 0;
  #interval = USUAL_INTERVAL;
  #ended = false;

  constructor(loop: Loop, owner: StreamOwner, attempt: number) {
    this.#loop = loop;
    this.#owner = owner;
    this.attempt = attempt;
    this.signal = this.#abort.signal;
  }

  /** Opens it, and waits so long for hello. */
  open(
    transport: SessionTransport,
    token: string,
    request: MessageInitShape<typeof SubscribeRequestSchema>,
    helloTimeout: number,
  ): void {
    this.token = token;
    this.#watch = this.#loop.schedule(helloTimeout, () =>
      this.end(deadPath(`no hello within ${helloTimeout} ms`)),
    );
    const stream = transport.subscribe(token, request, {
      onMessage: (message) => this.#onMessage(message),
      onEnd: (error) => this.end(endedWith(error)),
    });
    if (this.#ended) {
      stream.abort();
    } else {
      this.#stream = stream;
    }
  }

  /** Whether hello has come and the end has not. */
  get isLive(): boolean {
    return this.hadHello && !this.#ended;
  }

  /** Whether hello has come. */
  get hadHello(): boolean {
    return this.#helloAt !== undefined;
  }

  /** For how long it has been live. */
  get lived(): number {
    return this.#helloAt === undefined ? 0 : this.#loop.now() - this.#helloAt;
  }

  /** The page may have slept: ends the stream if it has been silent for too long. */
  check(): void {
    // The one clock may stand still while the device sleeps, the other one may be set.
    const silent = Math.max(
      this.#loop.now() - this.#lastMessage,
      this.#loop.wall() - this.#lastMessageWall,
    );
    if (this.isLive && silent > this.#interval + PATIENCE_AFTER_SLEEP) {
      this.end(sleptThrough());
    }
  }

  /** Ends it, and says so to the owner. */
  end(ending: Ending): void {
    if (!this.#ended) {
      this.abandon();
      this.#owner.onEnded(this, ending);
    }
  }

  /** Ends it without a word to the owner. */
  abandon(): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#watch?.cancel();
      this.#stream?.abort();
      this.#abort.abort();
    }
  }

  #onMessage(message: ServerMessage): void {
    if (this.#ended) {
      return;
    }
    this.#lastMessage = this.#loop.now();
    this.#lastMessageWall = this.#loop.wall();
    this.#owner.onFrame(message);
    const { kind } = message;
    if (kind.case === "closed") {
      this.end(closedBy(kind.value));
    } else if (kind.case === "hello") {
      this.#hello(kind.value);
    } else if (this.hadHello) {
      this.#owner.onMessage(this, message);
    }
  }

  #hello(hello: Hello): void {
    if (this.hadHello) {
      return;
    }
    this.#helloAt = this.#loop.now();
    this.sessionId = hello.sessionId;
    this.route = hello.route;
    const interval = hello.heartbeatInterval ? millisOf(hello.heartbeatInterval) : 0;
    this.#interval = interval > 0 ? interval : USUAL_INTERVAL;
    this.#watch?.cancel();
    this.#watchSilence(this.#longestSilence);
    this.#owner.onHello(this, hello);
  }

  get #longestSilence(): number {
    return Math.max(SHORTEST_SILENCE, this.#interval + PATIENCE);
  }

  #watchSilence(delay: number, secondLook = false): void {
    const due = this.#loop.now() + delay;
    this.#watch = this.#loop.schedule(delay, () => {
      const silent = this.#loop.now() - this.#lastMessage;
      if (silent < this.#longestSilence) {
        this.#watchSilence(this.#longestSilence - silent);
      } else if (!secondLook && this.#loop.now() - due > STOOD_STILL) {
        this.#watchSilence(SECOND_LOOK, true);
      } else {
        this.end(deadPath(`no message for ${Math.round(silent / 1_000)} s`));
      }
    });
  }
}
