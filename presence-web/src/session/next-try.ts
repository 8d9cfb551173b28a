import type { Loop, Timer } from "../loop.js";
import type { Tokens } from "./tokens.js";

/** Hears when it is time. */
export interface TryOwner {
  /** An Open can go out now, with this token. */
  onToken(token: string): void;
  /** The app gave no token, so this try has failed. */
  onNoToken(cause: unknown): void;
}

/**
 * The next Open, from the moment it is planned until it has its token. There is one at most: while
 * it waits it can be moved, and while its token is fetched it stands for whatever is lost by then.
 */
export class NextTry {
  readonly #loop: Loop;
  readonly #tokens: Tokens;
  readonly #owner: TryOwner;
  #timer: Timer | undefined;
  #fetchingToken = false;
  #over = false;

  constructor(loop: Loop, tokens: Tokens, owner: TryOwner) {
    this.#loop = loop;
    this.#tokens = tokens;
    this.#owner = owner;
  }

  /** Whether it waits for its time. */
  get isPlanned(): boolean {
    return this.#timer !== undefined;
  }

  /** Plans it after so many milliseconds, in place of what was planned before. */
  plan(delay: number): void {
    if (this.#over || this.#fetchingToken) {
      return; // a try is on its way, and will carry whatever is lost by now
    }
    this.#timer?.cancel();
    this.#timer = this.#loop.schedule(delay, () => this.begin());
  }

  /** Begins it now. */
  begin(): void {
    this.#timer = undefined;
    if (this.#over || this.#fetchingToken) {
      return;
    }
    this.#fetchingToken = true;
    this.#tokens.get().then(
      (token) => {
        this.#fetchingToken = false;
        if (!this.#over) {
          this.#owner.onToken(token);
        }
      },
      (cause: unknown) => {
        this.#fetchingToken = false;
        if (!this.#over) {
          this.#owner.onNoToken(cause);
        }
      },
    );
  }

  /** There will be none. */
  end(): void {
    this.#over = true;
    this.#timer?.cancel();
  }
}
