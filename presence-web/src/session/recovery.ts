import type { Ending } from "./ending.js";
import type { LiveStream } from "./live-stream.js";
import type { ReconnectPolicy } from "./reconnect-policy.js";
import type { Tokens } from "./tokens.js";

const AFTER_TAKEOVER = 2_000;

/** What follows the end of a stream. */
export type NextStep =
  | { readonly next: "give-up" }
  | {
      /** Try again. */
      readonly next: "try";
      /** With a session of its own. */
      readonly newSession: boolean;
      /** In so many milliseconds. */
      readonly wait: number;
    };

const GIVE_UP: NextStep = { next: "give-up" };

/** Decides what follows the end of a stream that no other one stands in for. */
export class Recovery {
  readonly #policy: ReconnectPolicy;
  readonly #tokens: Tokens;
  readonly #surviveTakeover: boolean;
  #tokenAskedAgain = false;

  constructor(policy: ReconnectPolicy, tokens: Tokens, surviveTakeover: boolean) {
    this.#policy = policy;
    this.#tokens = tokens;
    this.#surviveTakeover = surviveTakeover;
  }

  /** A server has answered with hello, so the token was good. */
  answered(): void {
    this.#tokenAskedAgain = false;
    this.#policy.answered();
  }

  /**
   * What follows this ending; of a stream, unless the try did not come so far.
   *
   * @param newest the number of the newest Open
   */
  after(ending: Ending, stream: LiveStream | undefined, newest: number): NextStep {
    switch (ending.next) {
      case "stop":
        return GIVE_UP;
      case "replaced":
        return this.#afterReplaced(ending, stream, newest);
      case "new-token":
        if (this.#tokenAskedAgain) {
          return GIVE_UP;
        }
        this.#tokenAskedAgain = true;
        if (stream) {
          this.#tokens.refused(stream.token);
        }
        return tryAgain(ending, 0); // nobody else waits for this token: no crowd to avoid
      case "now":
        return tryAgain(ending, 0);
      case "new-session":
        return tryAgain(ending, this.#usualWait(stream), true);
      default:
        return tryAgain(ending, this.#usualWait(stream));
    }
  }

  #afterReplaced(ending: Ending, stream: LiveStream | undefined, newest: number): NextStep {
    // By an Open of ours, if there is a newer one, or if this one was never answered.
    if (!stream?.hadHello || stream.attempt < newest) {
      return tryAgain(ending, this.#usualWait(stream));
    }
    if (!this.#surviveTakeover) {
      return GIVE_UP;
    }
    // Another tab has it, and this one is about to learn that. If not, a session of one's own
    // cannot be fought over.
    return tryAgain(ending, AFTER_TAKEOVER, true);
  }

  #usualWait(stream: LiveStream | undefined): number {
    return stream?.hadHello ? this.#policy.afterLoss(stream.lived) : this.#policy.afterFailure();
  }
}

function tryAgain(ending: Ending, wait: number, newSession = false): NextStep {
  return { next: "try", newSession, wait: Math.max(wait, ending.wait) };
}
