import type { Loop, Timer } from "../loop.js";

const LOOK = 500;
const WONDER = 1_500;
const STEAL = 3_000;

/** A follower's watch over its leader, who may be there and yet not run. */
export class LeaderWatch {
  readonly #loop: Loop;
  readonly #onWonder: () => void;
  readonly #onLost: () => void;
  #heard = 0;
  #timer: Timer | undefined;

  /**
   * `onWonder`: it has been silent for a while, and should be asked; `onLost`: it does not answer.
   */
  constructor(loop: Loop, onWonder: () => void, onLost: () => void) {
    this.#loop = loop;
    this.#onWonder = onWonder;
    this.#onLost = onLost;
  }

  /** Begins, while `isVisible` says so: a tab that nobody sees need not care. */
  start(isVisible: () => boolean): void {
    this.stop();
    this.heard();
    this.#look(this.#loop.now(), isVisible);
  }

  /** The leader was heard; or gets all its time again. */
  heard(): void {
    this.#heard = this.#loop.now();
  }

  /** Ends. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(last: number, isVisible: () => boolean): void {
    this.#timer = this.#loop.schedule(LOOK, () => {
      const now = this.#loop.now();
      this.#look(now, isVisible);
      const stoodStill = now - last > 2 * LOOK;
      if (!isVisible() || stoodStill) {
        this.heard();
      }
      const silent = now - this.#heard;
      if (silent >= STEAL) {
        this.heard();
        this.#onLost();
      } else if (silent >= WONDER) {
        this.#onWonder();
      }
    });
  }
}
