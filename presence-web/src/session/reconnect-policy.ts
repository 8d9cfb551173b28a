import type { Loop } from "../loop.js";

const FIRST_TRY = 1_000;
const CLOSE_TRIES = 2_000;
const SHORTEST_GAP = 500;
const HURRY = 10_000;
const LIVED = 3_000;
/** A rolling restart of as many servers and one may hit the same client each time. */
const YOUNG_LOSSES = 5;
const FIRST_CEILING = 4_000;
const LAST_CEILING = 30_000;

/**
 * When to try again, in milliseconds. A loss begins a hurry, as it begins a grace period: the first
 * try comes after 0–1 s, at random so that the users of a lost server do not all come at once;
 * further tries at most 2 s apart, so that some fall into the grace period; 10 s after the loss that
 * is missed anyway, and full jitter up to 30 s spares the servers.
 *
 * A server that takes its clients and drops them again must not be besieged by them: once five
 * streams in a row have died before they were 3 s old, the next loss is in no hurry. One that lived
 * so long, lost or left, makes all good. A network that drops connections every now and then lets
 * most of them live longer.
 */
export class ReconnectPolicy {
  readonly #loop: Loop;
  #hurryEnds: number | undefined;
  #youngLosses = 0;
  #lastTry = 0;
  #ceiling = FIRST_CEILING;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Somebody wants to be connected; the first try goes out at once. */
  connecting(): void {
    this.#hurry();
  }

  /** A try goes out. */
  trying(): void {
    this.#lastTry = this.#loop.now();
  }

  /** How long ago the last try went out. */
  sinceLastTry(): number {
    return this.#loop.now() - this.#lastTry;
  }

  /** A try was answered by hello: a failure after this one belongs to a new story. */
  answered(): void {
    this.#hurryEnds = undefined;
  }

  /** A stream that was greeted is over, lost or left; it had been live for so long. */
  over(lived: number): void {
    if (lived >= LIVED) {
      this.#youngLosses = 0;
    }
  }

  /** How long to wait after a stream was lost that had been live for so long. */
  afterLoss(lived: number): number {
    this.#youngLosses = lived >= LIVED ? 0 : this.#youngLosses + 1;
    if (this.#youngLosses > YOUNG_LOSSES) {
      this.#hurryEnds = this.#loop.now();
      return this.#fullJitter();
    }
    this.#hurry();
    return this.#upTo(FIRST_TRY);
  }

  /** How long to wait after a try that no hello answered. */
  afterFailure(): number {
    if (this.#hurryEnds === undefined) {
      this.#hurry();
    } else if (this.#loop.now() >= this.#hurryEnds) {
      return this.#fullJitter();
    }
    const gap = SHORTEST_GAP + this.#upTo(CLOSE_TRIES - SHORTEST_GAP);
    return Math.max(0, this.#lastTry + gap - this.#loop.now());
  }

  #hurry(): void {
    this.#hurryEnds = this.#loop.now() + HURRY;
    this.#ceiling = FIRST_CEILING;
  }

  #fullJitter(): number {
    const delay = this.#upTo(this.#ceiling);
    this.#ceiling = Math.min(LAST_CEILING, 2 * this.#ceiling);
    return delay;
  }

  #upTo(limit: number): number {
    return this.#loop.random() * limit;
  }
}
