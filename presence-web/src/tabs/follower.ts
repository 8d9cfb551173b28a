import type { Model } from "../model.js";
import { Asks } from "./asks.js";
import { LeaderWatch } from "./leader-watch.js";
import type { NewestTicket } from "./newest-ticket.js";
import type { TabMessage, Wish } from "./ports.js";
import type { TabSetup } from "./tab-setup.js";

/** What only a leader says. */
export type LeaderMessage = Extract<TabMessage, { term: number }>;

/**
 * This tab's part while another one leads: it knows what the leader knows, asks it for what the app
 * wishes, and watches whether it is there.
 */
export class Follower {
  readonly #model: Model;
  readonly #tickets: NewestTicket;
  readonly #asks: Asks;
  readonly #watch: LeaderWatch;

  /** `onLost`: the leader does not answer. */
  constructor(
    setup: TabSetup,
    tickets: NewestTicket,
    post: (message: TabMessage) => void,
    onLost: () => void,
  ) {
    this.#model = setup.model;
    this.#tickets = tickets;
    this.#asks = new Asks(setup.loop, setup.tab, post);
    this.#watch = new LeaderWatch(setup.loop, () => post({ type: "probe" }), onLost);
  }

  /** Another tab leads, or will; watches it while `isVisible` says so. */
  begin(isVisible: () => boolean): void {
    this.#watch.start(isVisible);
  }

  /** Watches nobody any more. */
  end(): void {
    this.#watch.stop();
  }

  /** Gives the leader all its time again, so that a tab that wakes does not steal at once. */
  bePatient(): void {
    this.#watch.heard();
  }

  /** Asks the leader for it. A status shows here at once, as it would in the leader's tab. */
  ask(wish: Wish): void {
    if ("status" in wish) {
      const { activity, availability } = wish.status;
      const { self } = this.#model;
      this.#model.apply({
        type: "self",
        self: {
          activity: activity ?? self.activity,
          availability: availability ?? self.availability,
        },
      });
    }
    this.#asks.ask(wish);
  }

  /** Hands over what no leader has done: this tab leads now. */
  takeAsks(): Wish[] {
    return this.#asks.takeAll();
  }

  /** The leader says something. */
  onLeader(message: LeaderMessage): void {
    this.#watch.heard();
    switch (message.type) {
      case "beat":
        this.#asks.askAgain();
        break;
      case "mirror":
        this.#model.replace(message.mirror);
        this.#asks.askAgain();
        break;
      case "event":
        this.#model.apply(message.event);
        break;
      case "ticket":
        this.#tickets.hear(message);
        break;
      case "done":
        this.#asks.done(message.id);
        break;
    }
  }
}
