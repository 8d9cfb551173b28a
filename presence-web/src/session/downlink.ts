import type { ServerMessage, ServerState, Snapshot } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import { dateOf } from "../presence.js";
import type { Announcer } from "./announcer.js";
import type { Connection } from "./connection.js";
import { ContactView } from "./contact-view.js";
import { millisOf } from "./ending.js";
import type { LiveStream } from "./live-stream.js";
import type { SessionSetup } from "./session-setup.js";
import type { Uplink } from "./uplink.js";

const LAST_SEEN_PATIENCE = 1_000;

/** What comes down the stream after hello: passes each message on to whoever acts upon it. */
export class Downlink {
  readonly #loop: Loop;
  readonly #view: ContactView;
  readonly #connection: Connection;
  readonly #uplink: Uplink;
  readonly #announcer: Announcer;

  constructor(
    { loop, listener, friends }: SessionSetup,
    connection: Connection,
    uplink: Uplink,
    announcer: Announcer,
  ) {
    this.#loop = loop;
    this.#view = new ContactView(
      (changed, complete) => listener.onFriends(changed, complete),
      friends,
    );
    this.#connection = connection;
    this.#uplink = uplink;
    this.#announcer = announcer;
  }

  /** A new stream begins. */
  begin(): void {
    this.#view.begin();
  }

  /** A message of the stream that carries the session. */
  onMessage(stream: LiveStream, { kind }: ServerMessage): void {
    switch (kind.case) {
      case "ping":
        this.#uplink.onPing(stream, kind.value.sequence);
        break;
      case "snapshot":
        this.#snapshot(stream, kind.value);
        break;
      case "changes":
        this.#view.apply(kind.value.presences);
        break;
      case "serverState":
        this.#serverState(kind.value);
        break;
      case "drain": {
        const { reconnectWithin } = kind.value;
        this.#connection.move(reconnectWithin ? millisOf(reconnectWithin) : 0);
        break;
      }
      default: // of a later release
    }
  }

  #snapshot(stream: LiveStream, part: Snapshot): void {
    this.#view.snapshot(part);
    if (part.complete && !this.#view.isSettled) {
      this.#loop.schedule(LAST_SEEN_PATIENCE, () => {
        if (this.#connection.isCurrent(stream)) {
          this.#view.settle();
        }
      });
    }
  }

  #serverState({ stale, asOf, rosterPending }: ServerState): void {
    this.#announcer.state(
      stale
        ? { kind: "stale", asOf: dateOf(asOf), rosterPending }
        : { kind: "live", rosterPending },
    );
  }
}
