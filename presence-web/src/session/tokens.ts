import type { Loop, Timer } from "../loop.js";

/**
 * Gives the user's token. Asked before a stream is opened and when the last token is about to
 * expire; `refused` says that the servers took the last one no more, so that a kept one won't do.
 */
export type TokenSource = (why: { refused: boolean }) => string | Promise<string>;

const SHORTEST_LIFE = 5_000;
const BEFORE_EXPIRY = 10_000;
/** An app whose token never comes must not hold up the next try for ever. */
const PATIENCE = 20_000;

/** Keeps the token while it is good. */
export class Tokens {
  readonly #loop: Loop;
  readonly #source: TokenSource;
  #token: string | undefined;
  #renewAt = 0;
  #refused = false;
  #asking: Promise<string> | undefined;

  constructor(loop: Loop, source: TokenSource) {
    this.#loop = loop;
    this.#source = source;
  }

  /** The last token, fresh or not: for words that cannot wait. */
  get last(): string | undefined {
    return this.#token;
  }

  /** A token to use now. */
  get(): Promise<string> {
    if (this.#token !== undefined && this.#loop.now() < this.#renewAt) {
      return Promise.resolve(this.#token);
    }
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** The servers did not take this token. */
  refused(token: string): void {
    if (token === this.#token) {
      this.#refused = true;
      this.#renewAt = 0;
    }
  }

  async #ask(): Promise<string> {
    let patience: Timer | undefined;
    try {
      const token = await Promise.race([
        Promise.resolve(this.#source({ refused: this.#refused })),
        new Promise<never>((_, reject) => {
          const late = () => reject(new Error(`no token within ${PATIENCE / 1_000} s`));
          patience = this.#loop.schedule(PATIENCE, late);
        }),
      ]);
      this.#token = token;
      this.#refused = false;
      this.#renewAt = this.#loop.now() + Math.max(SHORTEST_LIFE, this.#life(token) - BEFORE_EXPIRY);
      return token;
    } finally {
      patience?.cancel();
    }
  }

  /** How long it lives, in milliseconds: by its own times too, since the device's clock may be wrong. */
  #life(token: string): number {
    const { exp, iat } = claimsOf(token);
    if (exp === undefined) {
      return Infinity;
    }
    const left = exp * 1_000 - this.#loop.wall();
    const whole = iat === undefined ? left : (exp - iat) * 1_000;
    return left > 0 ? Math.min(left, whole) : whole;
  }
}

/** What a JWT says of itself, unverified; nothing of a token that is none. */
export function claimsOf(token: string): { sub?: string; exp?: number; iat?: number } {
  try {
    const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
