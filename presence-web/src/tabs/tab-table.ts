import type { Loop } from "../loop.js";

/** How a tab is. */
export interface TabLook {
  /** Whether it can be seen. */
  readonly visible: boolean;
  /** Whether nobody has touched it for a while. */
  readonly idle: boolean;
}

/** Two calls of the roll without an answer, and some. */
const FORGOTTEN = 25_000;

/**
 * How this tab is, and the others as they last said they were. Those that went without a word are
 * forgotten.
 */
export class TabTable {
  readonly #loop: Loop;
  readonly #others = new Map<string, TabLook & { heard: number }>();
  #own: TabLook = { visible: true, idle: false };

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** How this tab is. */
  get own(): TabLook {
    return this.#own;
  }

  /** This tab is different now; true if that is news. */
  setOwn(change: Partial<TabLook>): boolean {
    const before = this.#own;
    this.#own = { ...before, ...change };
    return before.visible !== this.#own.visible || before.idle !== this.#own.idle;
  }

  /** A tab has said how it is. */
  heard(tab: string, look: TabLook): void {
    this.#others.set(tab, { visible: look.visible, idle: look.idle, heard: this.#loop.now() });
  }

  /** A tab has said that it goes. */
  gone(tab: string): void {
    this.#others.delete(tab);
  }

  /** Whether there are no others. */
  get isAlone(): boolean {
    return this.#present().length === 0;
  }

  /** How all are together: visible if one is, idle if none is not. */
  together(): TabLook {
    const all = [this.#own, ...this.#present()];
    return {
      visible: all.some(({ visible }) => visible),
      idle: all.every(({ idle }) => idle),
    };
  }

  #present(): TabLook[] {
    const since = this.#loop.now() - FORGOTTEN;
    for (const [tab, { heard }] of this.#others) {
      if (heard < since) {
        this.#others.delete(tab);
      }
    }
    return [...this.#others.values()];
  }
}
