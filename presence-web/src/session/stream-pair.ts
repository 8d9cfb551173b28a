import type { LiveStream } from "./live-stream.js";

/**
 * The streams of a session, at most two. `current` carries it, or is about to; the successor takes
 * over when a draining server asked us to move, and has not been answered yet.
 */
export class StreamPair {
  #current: LiveStream | undefined;
  #successor: LiveStream | undefined;

  /** What carries the session, or is about to. */
  get current(): LiveStream | undefined {
    return this.#current;
  }

  /** Whether a successor is on its way. */
  get isMoving(): boolean {
    return this.#successor !== undefined;
  }

  /** Whether one of them has not been answered yet. */
  get isOpening(): boolean {
    return this.isMoving || (this.#current !== undefined && !this.#current.hadHello);
  }

  /** Takes one that is about to be opened; true if it is to succeed one that goes on meanwhile. */
  add(stream: LiveStream): boolean {
    if (this.#current) {
      this.#successor = stream;
      return true;
    }
    this.#current = stream;
    return false;
  }

  /** Hello has come: from now on this one carries the session. Returns the one that is left for it. */
  answered(stream: LiveStream): LiveStream | undefined {
    if (stream !== this.#successor) {
      return undefined;
    }
    const left = this.#current;
    left?.abandon();
    this.#current = stream;
    this.#successor = undefined;
    return left;
  }

  /** It has ended; tells what it was, or nothing if it did not count any more. */
  remove(stream: LiveStream): "current" | "successor" | undefined {
    if (stream === this.#successor) {
      this.#successor = undefined;
      return "successor";
    }
    if (stream === this.#current) {
      this.#current = this.#successor;
      this.#successor = undefined;
      return "current";
    }
    return undefined;
  }

  /** Ends both without a word to anybody. */
  abandon(): void {
    this.#current?.abandon();
    this.#successor?.abandon();
  }
}
