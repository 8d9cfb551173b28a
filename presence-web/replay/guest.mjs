import { createPresence } from "presence-web";
import { Road } from "./road.mjs";
import { statusOf } from "./words.mjs";

const QUIET_BEFORE_CUT_MS = 400;
const LOOK_AGAIN_MS = 50;

/** One client: the library, the road under it, and what it is told. */
export class Guest {
  #tell;
  #road;
  #presence;
  #changes = 0;
  #silent = false;
  #closed = false;

  /**
   * @param tell is told of all that happens, with its name and what belongs to it
   * @param now milliseconds that never go back
   */
  constructor({ token, baseUrl, tell, now }) {
    this.#tell = (event, more) => {
      if (!this.#closed) {
        tell(event, more);
      }
    };
    this.#road = new Road(this.#tell, now, statusOf);
    this.#presence = createPresence({
      baseUrl,
      token: () => token,
      device: "replay-web",
      fetch: this.#road.fetch,
      onFrame: ({ kind }) => {
        if (kind.case === "changes") {
          this.#changes += kind.value.presences.length;
        }
      },
    });
    this.#presence.onSession(({ sessionId, node, resumed, attempt }) =>
      this.#tell("hello", { sessionId, node, resumed, attempt }),
    );
    let first = true;
    this.#presence.friends.subscribe(({ changed }) => {
      const told = changed.map((each) => [each.userId, each.state, each.lastSeen?.getTime() ?? 0]);
      this.#tell("friends", { whole: first, told });
      first = false;
    });
    this.#presence.onState((state) => this.#onState(state));
  }

  /** The user's status changes. */
  setStatus(change) {
    this.#presence.setStatus(change);
  }

  /** The user leaves for good. */
  signOut() {
    this.#road.leave();
    this.#tell("signOut");
    void this.#presence.signOut();
  }

  /**
   * Cuts the road, but not before all has been said, and some time ago: nobody could know whether a
   * message that is cut off underway was heard.
   */
  cut(away, how) {
    if (this.#closed) {
      return;
    }
    if (this.#road.quietFor < QUIET_BEFORE_CUT_MS) {
      setTimeout(() => this.cut(away, how), LOOK_AGAIN_MS);
      return;
    }
    this.#silent = how === "silence";
    this.#tell("cut");
    this.#road.cut(away, how);
  }

  /** Frees what it holds. A road that was cut stays cut, so that no farewell gets out. */
  close() {
    this.#tell("closed", { changes: this.#changes });
    this.#closed = true;
    this.#presence.close();
    this.#road.close();
  }

  #onState(state) {
    if (state.kind === "offline") {
      this.#tell("offline", { why: `${state.reason}: ${state.detail}` });
    } else if (state.kind === "connecting" && this.#silent) {
      this.#tell("noticed", { why: state.reason });
    }
  }
}
