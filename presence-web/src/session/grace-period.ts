import type { Hello } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import { millisOf } from "./ending.js";

const USUAL_GRACE = 10_000;

/** The time for which servers keep a session whose stream was lost, without its friends noticing. */
export class GracePeriod {
  readonly #loop: Loop;
  #length = USUAL_GRACE;
  #ends = -Infinity; // of the stream that was lost last

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** How long it will be is the server's choice. */
  setBy(hello: Hello): void {
    this.#length = hello.gracePeriod ? millisOf(hello.gracePeriod) : USUAL_GRACE;
  }

  /** The stream of the session was lost. */
  begin(): void {
    this.#ends = this.#loop.now() + this.#length;
  }

  /** Whether the session can still be carried on unnoticed. */
  get isRunning(): boolean {
    return this.#loop.now() < this.#ends;
  }
}
