import type { ModelEvent } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import { Election } from "./election.js";
import { Follower, type LeaderMessage } from "./follower.js";
import { NewestTicket } from "./newest-ticket.js";
import type { TabChannel, TabMessage, Wish } from "./ports.js";
import { Reign } from "./reign.js";
import type { TabSetup } from "./tab-setup.js";
import { type TabLook, TabTable } from "./tab-table.js";

/**
 * The tabs of one browser, which share one session. One of them leads: it holds the lock and the
 * stream, and tells the others all it hears. The others follow, and are ready: whoever gets the lock
 * next carries the same session on, so that friends notice nothing.
 *
 * Leaders are counted by terms. A frozen one that was robbed of its lock does not know it when it
 * wakes, so a lower term than one has seen is not listened to, and a leader who sees a higher one
 * steps down.
 */
export class TabGroup {
  readonly #setup: TabSetup;
  readonly #tabs: TabTable;
  readonly #tickets: NewestTicket;
  readonly #follower: Follower;
  readonly #election: Election;
  #channel: TabChannel | undefined;
  #reign: Reign | undefined; // while this tab leads
  #term = 0; // the highest seen; of this tab while it leads
  #frozen = false;
  #finished = false;

  constructor(setup: TabSetup) {
    this.#setup = setup;
    this.#tabs = new TabTable(setup.loop);
    this.#tickets = new NewestTicket(setup.store);
    this.#follower = new Follower(
      setup,
      this.#tickets,
      (message) => this.#post(message),
      () => this.#election.steal(),
    );
    this.#election = new Election(
      setup.locks,
      setup.name,
      () => this.#lead(),
      () => this.#stepDown(),
    );
  }

  /** Whether this tab holds the session. */
  get isLeading(): boolean {
    return this.#reign !== undefined;
  }

  // --- What the page and the app ask for -------------------------------------------------------

  /** Joins the others; also after `leave()`. */
  join(): void {
    if (this.#channel || this.#finished) {
      return;
    }
    this.#channel = this.#setup.openChannel((message) => this.#onMessage(message));
    this.#tellLook();
    this.#callRoll();
    this.#follow();
    this.#election.enter();
  }

  /** The page goes, perhaps to come back. Another tab takes over; if there is none, we say so. */
  leave(): void {
    if (!this.#channel) {
      return;
    }
    const alone = this.#tabs.isAlone;
    const machine = this.#stepAside();
    if (machine && alone) {
      this.#setup.sayLeaving(machine);
    }
    this.#setup.store.leave();
  }

  /**
   * The page is frozen from now on. Its timers and its stream stand still, but it may still be handed
   * locks and messages: so it steps aside for those who run. Alone it stays, to be taken for away.
   */
  freeze(): void {
    this.#frozen = true;
    if (!this.#reign || !this.#tabs.isAlone) {
      this.#stepAside();
    }
  }

  /** The page runs again. */
  thaw(): void {
    if (this.#frozen) {
      this.#frozen = false;
      this.join();
    }
  }

  /** Leaves for good. */
  close(): void {
    this.leave();
    this.#finished = true;
    this.#setup.model.apply({
      type: "state",
      state: { kind: "offline", reason: "closed", detail: "" },
    });
  }

  /** This tab can be seen, or no longer. */
  setVisible(visible: boolean): void {
    if (this.#tabs.setOwn({ visible })) {
      this.#follower.bePatient();
      this.#tellLook();
    }
  }

  /** Somebody is at this tab, or no longer. */
  setIdle(idle: boolean): void {
    if (this.#tabs.setOwn({ idle })) {
      this.#tellLook();
    }
  }

  /** Something woke the page or the network. */
  wake(): void {
    this.#reign?.machine.wake();
  }

  /** The app wishes something; whoever leads does it. */
  ask(wish: Wish): void {
    if (this.#finished) {
      return;
    }
    if (this.#reign) {
      this.#reign.grant(wish);
    } else {
      this.#follower.ask(wish);
    }
  }

  // --- Who leads -------------------------------------------------------------------------------

  #lead(): void {
    this.#follower.end();
    const reign = new Reign(this.#setup, this.#term, this.#tickets, this.#tabs, {
      post: (message) => this.#post(message),
      onEvent: (event) => this.#onEvent(event),
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
    if (!this.#finished && this.#channel) {
      this.#callRoll();
      this.#follow();
    }
  }

  #resign(): void {
    this.#election.leave();
    this.#stepDown();
    this.#election.enter();
  }

  /** Takes no part any more; returns the machine that this tab led with. */
  #stepAside(): SessionMachine | undefined {
    const machine = this.#reign?.machine;
    this.#postLook({ visible: false, idle: true }, true);
    this.#channel?.close();
    this.#channel = undefined;
    this.#follower.end();
    this.#endReign(); // before another tab is let in
    this.#election.leave();
    return machine;
  }

  #endReign(): void {
    const reign = this.#reign;
    this.#reign = undefined;
    reign?.end();
  }

  /** Given up is given up for all tabs; none may take over and begin anew. */
  #finishIfOffline(): void {
    if (this.#setup.model.state.kind === "offline" && !this.#finished) {
      this.#finished = true;
      this.#stepAside();
    }
  }

  // --- What is heard ---------------------------------------------------------------------------

  #onEvent(event: ModelEvent): void {
    this.#setup.model.apply(event);
    this.#finishIfOffline();
  }

  #onMessage(message: TabMessage): void {
    if (!this.#channel) {
      return;
    }
    if (this.#frozen && !(message.type === "tab" && message.gone)) {
      this.#stepAside(); // somebody else is running
      return;
    }
    switch (message.type) {
      case "tab":
        if (message.gone) {
          this.#tabs.gone(message.tab);
        } else {
          this.#tabs.heard(message.tab, message);
        }
        this.#reign?.tellLook();
        break;
      case "roll-call":
        this.#tellLook();
        this.#reign?.tellAll();
        break;
      case "probe":
        this.#reign?.beat();
        break;
      case "ask":
        this.#reign?.answer(message.id, message.wish);
        break;
      default:
        if (message.term >= this.#term) {
          this.#onLeader(message);
        }
    }
  }

  #onLeader(message: LeaderMessage): void {
    if (this.#reign) {
      if (message.term === this.#term) {
        return; // Two of one term: the lock, and the ticket, will tell who is the later one.
      }
      this.#term = message.term;
      this.#resign();
    }
    this.#term = message.term;
    this.#follower.onLeader(message);
    this.#finishIfOffline();
  }

  // --- What is said ----------------------------------------------------------------------------

  #tellLook(): void {
    this.#postLook(this.#tabs.own, false);
    this.#reign?.tellLook();
  }

  #postLook({ visible, idle }: TabLook, gone: boolean): void {
    this.#post({ type: "tab", tab: this.#setup.tab, visible, idle, gone });
  }

  /** All are to say how they are, and the leader what it knows. */
  #callRoll(): void {
    this.#post({ type: "roll-call" });
  }

  #post(message: TabMessage): void {
    this.#channel?.post(message);
  }
}
