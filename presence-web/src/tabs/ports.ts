import type { Mirror, ModelEvent } from "../model.js";
import type { Ticket } from "../session/session-identity.js";
import type { StatusChange } from "../state.js";

/** What the tabs of a browser say to each other. */
export type TabMessage =
  /** How a tab is: told when it changes, and when the roll is called. */
  | {
      readonly type: "tab";
      readonly tab: string;
      readonly visible: boolean;
      readonly idle: boolean;
      readonly gone: boolean;
    }
  /** All are to say how they are, and the leader what it knows. */
  | { readonly type: "roll-call" }
  /** A follower wonders whether the leader is there. */
  | { readonly type: "probe" }
  /** The leader is there. */
  | { readonly type: "beat"; readonly term: number }
  /** All that the leader knows. */
  | { readonly type: "mirror"; readonly term: number; readonly mirror: Mirror }
  /** Something is new. */
  | { readonly type: "event"; readonly term: number; readonly event: ModelEvent }
  /** By what the next leader carries the session on. */
  | { readonly type: "ticket"; readonly term: number; readonly ticket: Ticket }
  /** A follower's app wishes something. */
  | { readonly type: "ask"; readonly id: string; readonly wish: Wish }
  /** The leader has done so. */
  | { readonly type: "done"; readonly term: number; readonly id: string };

/** What an app can wish of the session. */
export type Wish = { readonly status: StatusChange } | { readonly signOut: true };

/** The way to the other tabs. */
export interface TabChannel {
  /** Says it to all others. */
  post(message: TabMessage): void;
  /** Says no more and hears no more. */
  close(): void;
}

/** As `navigator.locks`, reduced to what is needed. */
export interface TabLocks {
  /**
   * Runs the task while it holds the lock. Rejects when the lock was stolen, or the signal said to
   * wait no longer.
   */
  request(
    name: string,
    options: { readonly steal?: boolean; readonly signal?: AbortSignal },
    task: () => Promise<void>,
  ): Promise<void>;
}

/** A ticket, and how many leaders there were when it was written. */
export interface StoredTicket {
  readonly ticket: Ticket;
  readonly term: number;
}

/** Where the ticket survives a reload. */
export interface TicketStore {
  /** The last one written by any tab. */
  load(): StoredTicket | undefined;
  /** Keeps it. */
  save(stored: StoredTicket): void;
  /** The page goes; another one may come. */
  leave(): void;
}
