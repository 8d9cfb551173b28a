import type { Loop } from "../loop.js";

const FIRST_TRY = 1_000;
const CLOSE_TRIES = 2_000;
const SHORTEST_GAP = 500;
const HURRY = 10_000;
const LIVED = 10_000;
const FIRST_CEILING = 4_000;
const LAST_CEILING = 30_000;

/**
 * When to try again, in milliseconds. An episode begins with a loss: the first try comes after
 * 0–1 s, at random so that the users of a lost server do not all come at once; further tries at
 * most 2 s apart, so that some fall into the grace period; 10 s after the loss that is missed
 * anyway, and full jitter up to 30 s spares the servers. A stream that lived for 10 s ends the
 * episode.
 */
export class ReconnectPolicy {
  readonly #loop: Loop;
  #episode: number | undefined;
  #firstConnect = false;
  #lastTry = 0;
  #ceiling = FIRST_CEILING;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Somebody wants to be connected; the first try goes out at once. */
  connecting(): void {
    this.#begin();
    this.#firstConnect = true;
  }

  /** A try goes out. */
  trying(): void {
    this.#lastTry = this.#loop.now();
  }

  /** How long ago the last try went out. */
  sinceLastTry(): number {
    return this.#loop.now() - this.#lastTry;
  }

  /** A try was answered by hello. The first one of all ends its episode: nothing was lost before. */
  answered(): void {
    if (this.#firstConnect) {
      this.#firstConnect = false;
      this.#episode = undefined;
    }
  }

  /** How long to wait after a stream was lost that had been live for so long. */
  afterLoss(lived: number): number {
    if (this.#episode === undefined || lived >= LIVED) {
      this.#begin();
      return this.#upTo(FIRST_TRY);
    }
    return this.#inHurry(this.#episode) ? this.#upTo(CLOSE_TRIES) : this.#fullJitter();
  }

  /** How long to wait after a try that no hello answered. */
  afterFailure(): number {
    if (this.#episode === undefined) {
      this.#begin();
    } else if (!this.#inHurry(this.#episode)) {
      return this.#fullJitter();
    }
    const gap = SHORTEST_GAP + this.#upTo(CLOSE_TRIES - SHORTEST_GAP);
    return Math.max(0, this.#lastTry + gap - this.#loop.now());
  }

  #begin(): void {
    this.#episode = this.#loop.now();
    this.#ceiling = FIRST_CEILING;
  }

  #inHurry(episode: number): boolean {
    return this.#loop.now() - episode < HURRY;
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
