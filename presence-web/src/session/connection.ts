import type { Activity, Hello, ServerMessage } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import type { OfflineReason } from "../state.js";
import { type Ending, noToken } from "./ending.js";
import { GracePeriod } from "./grace-period.js";
import { LiveStream, type StreamOwner } from "./live-stream.js";
import { NextTry, type TryOwner } from "./next-try.js";
import { ReconnectPolicy } from "./reconnect-policy.js";
import { Recovery } from "./recovery.js";
import type { SessionIdentity } from "./session-identity.js";
import type { SessionSetup } from "./session-setup.js";
import { StreamPair } from "./stream-pair.js";

const HELLO_TIMEOUT = 3_000;
/** A server that does not answer must not use up the grace period: another one may. */
const HELLO_TIMEOUT_WITHIN_GRACE = 1_500;
const SHORTEST_WAKE_GAP = 500;

/** Says what goes into an Open, and hears how the connection fares. */
export interface ConnectionOwner {
  /** The session's identity counts an Open that goes out next, unless the owner closes us now. */
  onOpening(): void;
  /** What this Open says of the user. */
  opening(): { activity: Activity; hidden: boolean };
  /** A server has begun the session, or resumed the one that was asked for. */
  onHello(stream: LiveStream, hello: Hello, resumed: boolean): void;
  /** Any message, before it is acted upon. */
  onFrame(message: ServerMessage): void;
  /** A message of the stream that carries the session. */
  onMessage(stream: LiveStream, message: ServerMessage): void;
  /** Nothing carries the session now; the next try is under way or planned. */
  onLost(detail: string): void;
  /** There is no point in trying again. */
  onHopeless(reason: OfflineReason, detail: string): void;
}

/** Sees to it that a stream carries the session: opens the first one, and the next when it is lost. */
export class Connection implements StreamOwner, TryOwner {
  readonly #setup: SessionSetup;
  readonly #loop: Loop;
  readonly #identity: SessionIdentity;
  readonly #owner: ConnectionOwner;
  readonly #policy: ReconnectPolicy;
  readonly #recovery: Recovery;
  readonly #grace: GracePeriod;
  readonly #nextTry: NextTry;
  readonly #streams = new StreamPair();
  #closed = false;
  #whenSettled: (() => void)[] = [];

  constructor(setup: SessionSetup, identity: SessionIdentity, owner: ConnectionOwner) {
    const { loop, tokens, surviveTakeover } = setup;
    this.#setup = setup;
    this.#loop = loop;
    this.#identity = identity;
    this.#owner = owner;
    this.#policy = new ReconnectPolicy(loop);
    this.#recovery = new Recovery(this.#policy, tokens, surviveTakeover ?? false);
    this.#grace = new GracePeriod(loop);
    this.#nextTry = new NextTry(loop, tokens, this);
  }

  /** Opens the first stream. */
  start(): void {
    this.#policy.connecting();
    this.#nextTry.begin();
  }

  /** Something woke the page or the network: a stream that slept too long is not waited for. */
  wake(): void {
    this.#streams.current?.check();
    const waiting = this.#nextTry.isPlanned && !this.#streams.current;
    if (waiting && this.#policy.sinceLastTry() > SHORTEST_WAKE_GAP) {
      this.#nextTry.plan(0);
    }
  }

  /** Moves to another server at some moment within the given time, while this stream goes on. */
  move(within: number): void {
    if (!this.#nextTry.isPlanned && !this.#streams.isMoving) {
      this.#nextTry.plan(this.#loop.random() * within);
    }
  }

  /** Whether this is the stream that carries the session, or is about to. */
  isCurrent(stream: LiveStream): boolean {
    return stream === this.#streams.current;
  }

  /** This stream is worth nothing, says a call's answer. One that is being left may be so. */
  refuse(stream: LiveStream, ending: Ending): void {
    if (this.isCurrent(stream) && !this.#streams.isMoving) {
      stream.end(ending);
    }
  }

  /** Opens no further stream; the one there is goes on. */
  tryNoMore(): void {
    this.#nextTry.end();
  }

  /** Resolves once no stream is being opened: it is known then which session they carry. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve);
      this.#tellIfSettled();
    });
  }

  #tellIfSettled(): void {
    if (this.#closed || !this.#streams.isOpening) {
      this.#whenSettled.splice(0).forEach((resolve) => resolve());
    }
  }

  /** Ends all streams without a word to anybody. */
  close(): void {
    this.#closed = true;
    this.#nextTry.end();
    this.#streams.abandon();
    this.#tellIfSettled();
  }

  onToken(token: string): void {
    const stream = new LiveStream(this.#loop, this, this.#identity.nextAttempt());
    const moving = this.#streams.add(stream);
    this.#policy.trying();
    this.#owner.onOpening();
    if (this.#closed) {
      return; // Who heard of the ticket knew that the session is not ours any more.
    }
    const withinGrace = !moving && this.#grace.isRunning;
    const { activity, hidden } = this.#owner.opening();
    const { transport, device, clientVersion } = this.#setup;
    const { sessionId } = this.#identity;
    const { attempt } = stream;
    stream.open(
      transport,
      token,
      { open: { sessionId, attempt, device, clientVersion, activity }, hidden },
      withinGrace ? HELLO_TIMEOUT_WITHIN_GRACE : HELLO_TIMEOUT,
    );
  }

  onNoToken(cause: unknown): void {
    this.#policy.trying();
    this.#recover(undefined, noToken(`no token: ${String(cause)}`));
  }

  onHello(stream: LiveStream, hello: Hello): void {
    const left = this.#streams.answered(stream);
    if (left) {
      this.#policy.over(left.lived);
    }
    const resumed = this.#identity.heldBy(hello);
    this.#grace.setBy(hello);
    this.#recovery.answered();
    this.#owner.onHello(stream, hello, resumed);
    this.#tellIfSettled();
  }

  onFrame(message: ServerMessage): void {
    this.#owner.onFrame(message);
  }

  onMessage(stream: LiveStream, message: ServerMessage): void {
    if (this.isCurrent(stream)) {
      this.#owner.onMessage(stream, message);
    }
  }

  onEnded(stream: LiveStream, ending: Ending): void {
    const was = this.#streams.remove(stream);
    if (was === "current" && stream.hadHello) {
      this.#grace.begin();
      this.#policy.over(stream.lived);
    }
    if (was === "current" && this.#streams.current) {
      this.#leaveToSuccessor(ending);
    } else if (was) {
      this.#recover(stream, ending);
    }
    this.#tellIfSettled();
  }

  #leaveToSuccessor(ending: Ending): void {
    if (ending.next === "stop") {
      this.#owner.onHopeless(ending.reason, ending.detail);
    } else if (ending.next !== "replaced") {
      this.#owner.onLost(ending.detail);
    }
    // Replaced: by our own newer Open, which is being answered just now.
  }

  #recover(stream: LiveStream | undefined, ending: Ending): void {
    if (this.#closed) {
      return;
    }
    const step = this.#recovery.after(ending, stream, this.#identity.attempt);
    if (step.next === "give-up") {
      this.#owner.onHopeless(ending.reason, ending.detail);
      return;
    }
    if (step.newSession) {
      this.#identity.forget();
    }
    if (!this.#streams.current) {
      this.#owner.onLost(ending.detail);
    }
    this.#nextTry.plan(step.wait);
  }
}
