import type { TabLocks } from "./ports.js";

/** Who holds the lock leads. Tells when this tab begins to lead, and when it was deposed. */
export class Election {
  readonly #locks: TabLocks;
  readonly #name: string;
  readonly #onElected: () => void;
  readonly #onDeposed: () => void;
  #candidacy: Candidacy | undefined;

  constructor(locks: TabLocks, name: string, onElected: () => void, onDeposed: () => void) {
    this.#locks = locks;
    this.#name = name;
    this.#onElected = onElected;
    this.#onDeposed = onDeposed;
  }

  /** Waits for the lock. */
  enter(): void {
    this.#run(false);
  }

  /** Takes the lock from a leader that does not answer. */
  steal(): void {
    this.leave();
    this.#run(true);
  }

  /** Waits no longer, or leads no longer; tells nobody. */
  leave(): void {
    const candidacy = this.#candidacy;
    this.#candidacy = undefined;
    candidacy?.withdraw();
  }

  #run(steal: boolean): void {
    const candidacy = new Candidacy();
    this.#candidacy = candidacy;
    const task = () => {
      if (candidacy !== this.#candidacy) {
        return Promise.resolve();
      }
      candidacy.elected = true;
      this.#onElected();
      return candidacy.over;
    };
    // A theft cannot be called off, so it takes no signal.
    const options = steal ? { steal } : { signal: candidacy.signal };
    this.#locks.request(this.#name, options, task).catch(() => {
      if (candidacy !== this.#candidacy) {
        return;
      }
      if (candidacy.elected) {
        this.#onDeposed();
      }
      if (candidacy === this.#candidacy) {
        this.#run(false);
      }
    });
  }
}

class Candidacy {
  elected = false;
  readonly over: Promise<void>;
  readonly #abort = new AbortController();
  #release!: () => void;

  constructor() {
    this.over = new Promise((resolve) => (this.#release = resolve));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  withdraw(): void {
    this.#release();
    if (!this.elected) {
      this.#abort.abort();
    }
  }
}
