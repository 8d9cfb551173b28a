import type { Loop } from "../loop.js";
import type { Model } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import type { Ticket } from "../session/session-identity.js";
import type { SessionListener } from "../session/session-setup.js";
import type { TabChannel, TabLocks, TabMessage, TicketStore } from "./ports.js";

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
