import type { Loop, Timer } from "../loop.js";
import type { Model, ModelEvent } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import type { Ticket } from "../session/session-identity.js";
import type { SessionListener } from "../session/session-setup.js";
import { Election } from "./election.js";
import { LeaderWatch } from "./leader-watch.js";
import type {
  StoredTicket,
  TabChannel,
  TabLocks,
  TabMessage,
  TicketStore,
  Wish,
} from "./ports.js";
import { TabTable } from "./tab-table.js";

const BEAT = 1_000;
const ROLL_CALL = 10_000;
const ASK_AGAIN = 1_000;
/** Who switches to another tab hides one before they see the other: that is nobody's business. */
const SWITCH = 500;

/** What a group of tabs works with. */
export interface TabSetup {
  /** Time and chance. */
  readonly loop: Loop;
  /** What this tab knows. */
  readonly model: Model;
  /** Whoever holds it leads. */
  readonly locks: TabLocks;
  /** The name of the lock. */
  readonly name: string;
  /** Opens the way to the other tabs. */
  readonly openChannel: (onMessage: (message: TabMessage) => void) => TabChannel;
  /** Where the ticket is kept. */
  readonly store: TicketStore;
  /** Makes the session's machine, once this tab leads. */
  readonly createMachine: (
    listener: Omit<SessionListener, "onFrame">,
    ticket: Ticket | undefined,
  ) => SessionMachine;
  /** Tells the servers that the last page goes. */
  readonly sayLeaving: (machine: SessionMachine) => void;
  /** This tab's name. */
  readonly tab: string;
  /** There are no others, and never will be: nobody is listening. */
  readonly alone?: boolean | undefined;
}

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
  readonly #loop: Loop;
  readonly #model: Model;
  readonly #election: Election;
  readonly #tabs: TabTable;
  readonly #watch: LeaderWatch;
  readonly #asks = new Map<string, { wish: Wish; sent: number }>();

  #channel: TabChannel | undefined;
  #machine: SessionMachine | undefined;
  #term = 0; // the highest seen; of this tab while it leads
  #ticket: StoredTicket | undefined; // the newest heard of
  #visible = true;
  #idle = false;
  #frozen = false;
  #hiding: Timer | undefined;
  #timers: Timer[] = [];
  #asked = 0;
  #finished = false;

  constructor(setup: TabSetup) {
    this.#setup = setup;
    this.#loop = setup.loop;
    this.#model = setup.model;
    this.#tabs = new TabTable(setup.loop);
    this.#watch = new LeaderWatch(
      setup.loop,
      () => this.#post({ type: "probe" }),
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
    return this.#machine !== undefined;
  }

  /** Joins the others; also after `leave()`. */
  join(): void {
    if (this.#channel || this.#finished) {
      return;
    }
    this.#channel = this.#setup.openChannel((message) => this.#onMessage(message));
    this.#tellLook();
    this.#post({ type: "roll-call" });
    this.#follow();
    this.#election.enter();
  }

  /** The page goes, perhaps to come back. Another tab takes over; if there is none, we say so. */
  leave(): void {
    if (!this.#channel) {
      return;
    }
    const alone = this.#tabs.others().length === 0;
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
    if (!this.#machine || this.#tabs.others().length > 0) {
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
    this.#model.apply({
      type: "state",
      state: { kind: "offline", reason: "closed", detail: "" },
    });
  }

  /** This tab can be seen, or no longer. */
  setVisible(visible: boolean): void {
    if (visible !== this.#visible) {
      this.#visible = visible;
      this.#watch.heard(); // a leader gets its time before a tab that wakes steals
      this.#tellLook();
    }
  }

  /** Somebody is at this tab, or no longer. */
  setIdle(idle: boolean): void {
    if (idle !== this.#idle) {
      this.#idle = idle;
      this.#tellLook();
    }
  }

  /** Something woke the page or the network. */
  wake(): void {
    this.#machine?.wake();
  }

  /** The app wishes something; whoever leads does it. */
  ask(wish: Wish): void {
    if (this.#finished) {
      return;
    }
    if (this.#machine) {
      grant(this.#machine, wish);
      return;
    }
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
    const id = `${this.#setup.tab}-${++this.#asked}`;
    this.#asks.set(id, { wish, sent: this.#loop.now() });
    this.#post({ type: "ask", id, wish });
  }

  // --- Leading ---------------------------------------------------------------------------------

  #lead(): void {
    const { store, createMachine } = this.#setup;
    this.#cancelTimers();
    const stored = newest(this.#ticket, store.load());
    this.#term = Math.max(this.#term, stored?.term ?? 0) + 1;
    const term = this.#term;
    const machine = createMachine(
      {
        onState: (state) => this.#tell(machine, { type: "state", state }),
        onFriends: (changed, complete) =>
          this.#tell(machine, { type: "friends", changed, complete }),
        onSelf: (self) => this.#tell(machine, { type: "self", self }),
        onSession: (session) => {
          const skew = session.serverTime.getTime() - this.#loop.wall();
          this.#tell(machine, { type: "session", session, skew });
        },
        onTicket: (ticket) => this.#keep(machine, { ticket, term }),
      },
      stored?.ticket,
    );
    this.#machine = machine;
    if (stored) {
      this.#keep(machine, { ticket: stored.ticket, term });
    }
    machine.setHidden(!this.#isAnyVisible());
    this.#tellMachineLook();
    this.#post({ type: "beat", term });
    this.#post({ type: "roll-call" });
    if (!this.#setup.alone) {
      this.#keepOthersInformed(term);
    }
    const asks = [...this.#asks.values()];
    this.#asks.clear();
    machine.start();
    for (const { wish } of asks) {
      grant(machine, wish);
    }
  }

  #keepOthersInformed(term: number): void {
    this.#every(BEAT, () => this.#post({ type: "beat", term }));
    this.#every(ROLL_CALL, () => {
      this.#post({ type: "roll-call" });
      this.#tellMachineLook(); // some may be forgotten by now
    });
  }

  /** The session is another tab's now. */
  #stepDown(): void {
    const machine = this.#machine;
    this.#machine = undefined;
    machine?.detach();
    this.#cancelTimers();
    if (!this.#finished && this.#channel) {
      this.#post({ type: "roll-call" });
      this.#follow();
    }
  }

  #tell(machine: SessionMachine, event: ModelEvent): void {
    if (machine !== this.#machine) {
      return;
    }
    this.#post({ type: "event", term: this.#term, event });
    this.#model.apply(event);
    this.#finishIfOffline();
  }

  #keep(machine: SessionMachine, stored: StoredTicket): void {
    if (machine !== this.#machine) {
      return;
    }
    if ((this.#setup.store.load()?.term ?? 0) > stored.term || this.#term > stored.term) {
      this.#resign();
      return;
    }
    this.#ticket = stored;
    this.#setup.store.save(stored);
    this.#post({ type: "ticket", term: stored.term, ticket: stored.ticket });
  }

  #resign(): void {
    this.#election.leave();
    this.#stepDown();
    this.#election.enter();
  }

  #tellMachineLook(): void {
    const hidden = !this.#isAnyVisible();
    this.#machine?.setIdle(this.#idle && this.#tabs.others().every(({ idle }) => idle));
    if (!hidden || this.#setup.alone) {
      this.#hiding?.cancel();
      this.#hiding = undefined;
      this.#machine?.setHidden(hidden);
    } else if (this.#machine && !this.#machine.isHidden) {
      const machine = this.#machine;
      this.#hiding ??= this.#loop.schedule(SWITCH, () => machine.setHidden(true));
    }
  }

  #isAnyVisible(): boolean {
    return this.#visible || this.#tabs.others().some(({ visible }) => visible);
  }

  // --- Following -------------------------------------------------------------------------------

  #follow(): void {
    this.#watch.start(() => this.#visible);
  }

  #tellLook(): void {
    this.#post({
      type: "tab",
      tab: this.#setup.tab,
      visible: this.#visible,
      idle: this.#idle,
      gone: false,
    });
    this.#tellMachineLook();
  }

  #askAgain(): void {
    const now = this.#loop.now();
    for (const [id, ask] of this.#asks) {
      if (now - ask.sent >= ASK_AGAIN) {
        ask.sent = now;
        this.#post({ type: "ask", id, wish: ask.wish });
      }
    }
  }

  // --- What other tabs say -----------------------------------------------------------------------

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
        this.#tellMachineLook();
        break;
      case "roll-call":
        this.#tellLook();
        if (this.#machine) {
          this.#post({ type: "mirror", term: this.#term, mirror: this.#model.mirror() });
          if (this.#ticket) {
            this.#post({ type: "ticket", ...this.#ticket });
          }
        }
        break;
      case "probe":
        if (this.#machine) {
          this.#post({ type: "beat", term: this.#term });
        }
        break;
      case "ask":
        if (this.#machine) {
          this.#post({ type: "done", term: this.#term, id: message.id });
          grant(this.#machine, message.wish);
        }
        break;
      default:
        if (message.term >= this.#term) {
          this.#onLeader(message);
        }
    }
  }

  #onLeader(message: Extract<TabMessage, { term: number }>): void {
    if (this.#machine) {
      if (message.term === this.#term) {
        return; // Two of one term: the lock, and the ticket, will tell who is the later one.
      }
      this.#term = message.term;
      this.#resign();
    }
    this.#term = message.term;
    this.#watch.heard();
    switch (message.type) {
      case "beat":
        this.#askAgain();
        break;
      case "mirror":
        this.#model.replace(message.mirror);
        this.#askAgain();
        break;
      case "event":
        this.#model.apply(message.event);
        break;
      case "ticket":
        this.#ticket = message;
        break;
      case "done":
        this.#asks.delete(message.id);
        break;
    }
    this.#finishIfOffline();
  }

  // --- The end -----------------------------------------------------------------------------------

  /** Given up is given up for all tabs; none may take over and begin anew. */
  #finishIfOffline(): void {
    if (this.#model.state.kind === "offline" && !this.#finished) {
      this.#finished = true;
      this.#stepAside();
    }
  }

  /** Takes no part any more; returns the machine that this tab led with. */
  #stepAside(): SessionMachine | undefined {
    const machine = this.#machine;
    this.#post({
      type: "tab",
      tab: this.#setup.tab,
      visible: false,
      idle: true,
      gone: true,
    });
    this.#machine = undefined;
    this.#cancelTimers();
    this.#channel?.close();
    this.#channel = undefined;
    machine?.detach(); // before another tab is let in
    this.#election.leave();
    return machine;
  }

  #post(message: TabMessage): void {
    this.#channel?.post(message);
  }

  #every(interval: number, task: () => void): void {
    const index = this.#timers.length;
    const next = () => {
      this.#timers[index] = this.#loop.schedule(interval, () => {
        next();
        task();
      });
    };
    next();
  }

  #cancelTimers(): void {
    this.#watch.stop();
    this.#hiding?.cancel();
    this.#hiding = undefined;
    for (const timer of this.#timers) {
      timer.cancel();
    }
    this.#timers = [];
  }
}

function grant(machine: SessionMachine, wish: Wish): void {
  if ("status" in wish) {
    machine.setStatus(wish.status);
  } else {
    void machine.signOut();
  }
}

function newest(a: StoredTicket | undefined, b: StoredTicket | undefined): StoredTicket | undefined {
  if (!a || !b) {
    return a ?? b;
  }
  const aIsNewer = a.term !== b.term ? a.term > b.term : a.ticket.attempt > b.ticket.attempt;
  return aIsNewer ? a : b;
}
