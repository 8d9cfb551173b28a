import type { StoredTicket, TicketStore } from "./ports.js";

/**
 * The newest ticket that this tab knows: its own, or the one it heard of. The store may have a newer
 * one, of a leader that this tab has not heard; or none, where tabs cannot store.
 */
export class NewestTicket {
  readonly #store: TicketStore;
  #heard: StoredTicket | undefined;

  constructor(store: TicketStore) {
    this.#store = store;
  }

  /** As it was heard of last, without a look into the store. */
  get heard(): StoredTicket | undefined {
    return this.#heard;
  }

  /** Another tab leads by it. */
  hear(stored: StoredTicket): void {
    this.#heard = stored;
  }

  /** The one to carry the session on by. */
  load(): StoredTicket | undefined {
    return newer(this.#heard, this.#store.load());
  }

  /** Keeps this tab's own; false, and it does not, if a later leader has stored one. */
  save(stored: StoredTicket): boolean {
    if ((this.#store.load()?.term ?? 0) > stored.term) {
      return false;
    }
    this.#heard = stored;
    this.#store.save(stored);
    return true;
  }
}

function newer(a: StoredTicket | undefined, b: StoredTicket | undefined): StoredTicket | undefined {
  if (!a || !b) {
    return a ?? b;
  }
  const aIsNewer = a.term !== b.term ? a.term > b.term : a.ticket.attempt > b.ticket.attempt;
  return aIsNewer ? a : b;
}
