import type { Loop } from "../loop.js";
import type { TabMessage, Wish } from "./ports.js";

const ASK_AGAIN = 1_000;

/**
 * What the app wished while this tab followed, until a leader has said that it is done. Messages to
 * a leader that dies are lost, so each is asked again, or granted by this tab should it lead next.
 */
export class Asks {
  readonly #loop: Loop;
  readonly #tab: string;
  readonly #post: (message: TabMessage) => void;
  readonly #asks = new Map<string, { wish: Wish; sent: number }>();
  #asked = 0;

  constructor(loop: Loop, tab: string, post: (message: TabMessage) => void) {
    this.#loop = loop;
    this.#tab = tab;
    this.#post = post;
  }

  /** Asks the leader for it. */
  ask(wish: Wish): void {
    const id = `${this.#tab}-${++this.#asked}`;
    this.#asks.set(id, { wish, sent: this.#loop.now() });
    this.#post({ type: "ask", id, wish });
  }

  /** There is a leader: asks it for what was asked a while ago. */
  askAgain(): void {
    const now = this.#loop.now();
    for (const [id, ask] of this.#asks) {
      if (now - ask.sent >= ASK_AGAIN) {
        ask.sent = now;
        this.#post({ type: "ask", id, wish: ask.wish });
      }
    }
  }

  /** The leader has done it. */
  done(id: string): void {
    this.#asks.delete(id);
  }

  /** Hands over all that is left: this tab leads now. */
  takeAll(): Wish[] {
    const wishes = [...this.#asks.values()].map(({ wish }) => wish);
    this.#asks.clear();
    return wishes;
  }
}
