import type { ModelEvent } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import { Election } from "./election.js";
import { Follower, type LeaderMessage } from "./follower.js";
import { NewestTicket } from "./newest-ticket.js";
import type { TabMessage, Wish } from "./ports.js";
import { Reign } from "./reign.js";
import type { TabSetup } from "./tab-setup.js";
import type { TabTable } from "./tab-table.js";

/** Hears what comes of it. */
export interface SuccessionOwner {
  /** The other tabs are to hear this. */
  post(message: TabMessage): void;
  /** The session that this tab leads has told something, and the others know. */
  onEvent(event: ModelEvent): void;
}

/**
 * Who leads: this tab, or another one, which it follows then. Whoever holds the lock does.
 *
 * Leaders are counted by terms. A frozen one that was robbed of its lock does not know it when it
 * wakes, so a lower term than one has seen is not listened to, and a leader who sees a higher one
 * steps down.
 */
export class Succession {
  readonly #setup: TabSetup;
  readonly #tabs: TabTable;
  readonly #owner: SuccessionOwner;
  readonly #tickets: NewestTicket;
  readonly #follower: Follower;
  readonly #election: Election;
  #reign: Reign | undefined;
  #term = 0; // the highest seen; of this tab while it leads

  constructor(setup: TabSetup, tabs: TabTable, owner: SuccessionOwner) {
    this.#setup = setup;
    this.#tabs = tabs;
    this.#owner = owner;
    this.#tickets = new NewestTicket(setup.store);
    this.#follower = new Follower(
      setup,
      this.#tickets,
      (message) => owner.post(message),
      () => this.#election.steal(),
    );
    this.#election = new Election(
      setup.locks,
      setup.name,
      () => this.#lead(),
      () => this.#stepDown(),
    );
  }

  /** While this tab leads. */
  get reign(): Reign | undefined {
    return this.#reign;
  }

  /** Follows whoever leads, and waits to be the next. */
  enter(): void {
    this.#follow();
    this.#election.enter();
  }

  /** Neither leads nor follows any more; returns the machine that this tab led with. */
  leave(): SessionMachine | undefined {
    const machine = this.#reign?.machine;
    this.#follower.end();
    this.#endReign(); // before another tab is let in
    this.#election.leave();
    return machine;
  }

  /** Gives the leader its time before this tab, which wakes, may steal. */
  bePatient(): void {
    this.#follower.bePatient();
  }

  /** The app wishes something; whoever leads does it. */
  ask(wish: Wish): void {
    if (this.#reign) {
      this.#reign.grant(wish);
    } else {
      this.#follower.ask(wish);
    }
  }

  /** Another tab speaks as the leader; false if it is not listened to. */
  onLeader(message: LeaderMessage): boolean {
    if (message.term < this.#term) {
      return false;
    }
    if (this.#reign) {
      if (message.term === this.#term) {
        return false; // Two of one term: the lock, and the ticket, will tell who is the later one.
      }
      this.#term = message.term;
      this.#resign();
    }
    this.#term = message.term;
    this.#follower.onLeader(message);
    return true;
  }

  #lead(): void {
    this.#follower.end();
    const reign = new Reign(this.#setup, this.#term, this.#tickets, this.#tabs, {
      post: (message) => this.#owner.post(message),
      onEvent: (event) => this.#owner.onEvent(event),
      onOutdated: () => this.#resign(),
    });
    this.#reign = reign;
    this.#term = reign.term;
    reign.begin();
    if (reign === this.#reign) {
      for (const wish of this.#follower.takeAsks()) {
        reign.grant(wish);
      }
    }
  }

  #follow(): void {
    this.#follower.begin(() => this.#tabs.own.visible);
  }

  /** The session is another tab's now. */
  #stepDown(): void {
    this.#endReign();
    this.#owner.post({ type: "roll-call" });
    this.#follow();
  }

  #resign(): void {
    this.#election.leave();
    this.#stepDown();
    this.#election.enter();
  }

  #endReign(): void {
    const reign = this.#reign;
    this.#reign = undefined;
    reign?.end();
  }
}
