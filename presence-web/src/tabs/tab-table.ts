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

/** The other tabs, as they last said they were. Those that went without a word are forgotten. */
export class TabTable {
  readonly #loop: Loop;
  readonly #tabs = new Map<string, TabLook & { heard: number }>();

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** A tab has said how it is. */
  heard(tab: string, look: TabLook): void {
    this.#tabs.set(tab, { visible: look.visible, idle: look.idle, heard: this.#loop.now() });
  }

  /** A tab has said that it goes. */
  gone(tab: string): void {
    this.#tabs.delete(tab);
  }

  /** Those who are there. */
  others(): TabLook[] {
    const since = this.#loop.now() - FORGOTTEN;
    for (const [tab, { heard }] of this.#tabs) {
      if (heard < since) {
        this.#tabs.delete(tab);
      }
    }
    return [...this.#tabs.values()];
  }
}
