import { every, type Loop, type Timer } from "../loop.js";
import type { ModelEvent } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import type { Ticket } from "../session/session-identity.js";
import type { NewestTicket } from "./newest-ticket.js";
import type { StoredTicket, TabMessage, Wish } from "./ports.js";
import type { TabSetup } from "./tab-setup.js";
import type { TabTable } from "./tab-table.js";

const BEAT = 1_000;
const ROLL_CALL = 10_000;
/** Who switches to another tab hides one before they see the other: that is nobody's business. */
const SWITCH = 500;

/** Hears what comes of leading. */
export interface ReignOwner {
  /** The others are to hear this. */
  post(message: TabMessage): void;
  /** The session has told something, and the others know. */
  onEvent(event: ModelEvent): void;
  /** A later leader has the session. */
  onOutdated(): void;
}

/**
 * This tab's time as the leader: it holds the session's machine, and tells the others all it hears.
 * Nothing more is heard of it after `end()`, whatever its machine still says.
 */
export class Reign {
  /** The session. */
  readonly machine: SessionMachine;

  readonly #setup: TabSetup;
  readonly #loop: Loop;
  readonly #term: number;
  readonly #stored: StoredTicket | undefined;
  readonly #tickets: NewestTicket;
  readonly #tabs: TabTable;
  readonly #owner: ReignOwner;
  #hiding: Timer | undefined;
  #timers: Timer[] = [];
  #over = false;

  /** Counts on from the leader of the newest ticket, whose session it carries on. */
  constructor(
    setup: TabSetup,
    highestTerm: number,
    tickets: NewestTicket,
    tabs: TabTable,
    owner: ReignOwner,
  ) {
    this.#setup = setup;
    this.#loop = setup.loop;
    this.#stored = tickets.load();
    this.#term = Math.max(highestTerm, this.#stored?.term ?? 0) + 1;
    this.#tickets = tickets;
    this.#tabs = tabs;
    this.#owner = owner;
    this.machine = setup.createMachine(
      {
        onState: (state) => this.#tell({ type: "state", state }),
        onFriends: (changed, complete) => this.#tell({ type: "friends", changed, complete }),
        onSelf: (self) => this.#tell({ type: "self", self }),
        onSession: (session) => {
          const skew = session.serverTime.getTime() - this.#loop.wall();
          this.#tell({ type: "session", session, skew });
        },
        onTicket: (ticket) => this.#keep(ticket),
      },
      this.#stored?.ticket,
    );
  }

  /** How many leaders there were, with this one. */
  get term(): number {
    return this.#term;
  }

  /** Claims the session before the others, and starts it. */
  begin(): void {
    if (this.#stored) {
      this.#keep(this.#stored.ticket);
    }
    if (this.#over) {
      return; // A later leader has stored a ticket just now.
    }
    this.machine.setHidden(!this.#tabs.together().visible);
    this.tellLook();
    this.beat();
    this.#owner.post({ type: "roll-call" });
    if (!this.#setup.alone) {
      this.#keepOthersInformed();
    }
    this.machine.start();
  }

  /** Leaves the session to others, in its grace period. */
  end(): void {
    this.#over = true;
    this.#hiding?.cancel();
    for (const timer of this.#timers) {
      timer.cancel();
    }
    this.machine.detach();
  }

  /** The app of some tab wishes something. */
  grant(wish: Wish): void {
    if ("status" in wish) {
      this.machine.setStatus(wish.status);
    } else {
      void this.machine.signOut();
    }
  }

  /** A follower asks for something; and does so again until it hears that it is done. */
  answer(id: string, wish: Wish): void {
    this.#owner.post({ type: "done", term: this.#term, id });
    this.grant(wish);
  }

  /** The leader is there. */
  beat(): void {
    this.#owner.post({ type: "beat", term: this.#term });
  }

  /** Tells all that a tab needs to follow, and to lead next. */
  tellAll(): void {
    this.#owner.post({ type: "mirror", term: this.#term, mirror: this.#setup.model.mirror() });
    const { heard } = this.#tickets;
    if (heard) {
      this.#owner.post({ type: "ticket", ...heard });
    }
  }

  /** Tells the session how all tabs are together. */
  tellLook(): void {
    const { visible, idle } = this.#tabs.together();
    this.machine.setIdle(idle);
    if (visible || this.#setup.alone) {
      this.#hiding?.cancel();
      this.#hiding = undefined;
      this.machine.setHidden(!visible);
    } else if (!this.machine.isHidden) {
      this.#hiding ??= this.#loop.schedule(SWITCH, () => this.machine.setHidden(true));
    }
  }

  #keepOthersInformed(): void {
    this.#timers.push(
      every(this.#loop, BEAT, () => this.beat()),
      every(this.#loop, ROLL_CALL, () => {
        this.#owner.post({ type: "roll-call" });
        this.tellLook(); // some may be forgotten by now
      }),
    );
  }

  #tell(event: ModelEvent): void {
    if (!this.#over) {
      this.#owner.post({ type: "event", term: this.#term, event });
      this.#owner.onEvent(event);
    }
  }

  #keep(ticket: Ticket): void {
    if (this.#over) {
      return;
    }
    const term = this.#term;
    if (this.#tickets.save({ ticket, term })) {
      this.#owner.post({ type: "ticket", term, ticket });
    } else {
      this.#owner.onOutdated();
    }
  }
}
