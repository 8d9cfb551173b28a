import type { StoredTicket, TabChannel, TabLocks, TabMessage, TicketStore } from "../tabs/ports.js";

/** Whether tabs can share a session here: locks need a secure context. */
export function canShare(): boolean {
  return (
    typeof document !== "undefined" &&
    globalThis.isSecureContext &&
    typeof BroadcastChannel !== "undefined" &&
    "locks" in navigator
  );
}

/** The browser's locks. */
export const browserLocks: TabLocks = {
  async request(name, options, task) {
    await navigator.locks.request(name, options, task);
  },
};

/** For a tab on its own: there is nobody to wait for. */
export const noLocks: TabLocks = { request: (_name, _options, task) => task() };

/** Opens a channel to the other tabs of this name. */
export function openBroadcast(
  name: string,
  onMessage: (message: TabMessage) => void,
): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => onMessage(data);
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

/** For a tab on its own: there is nobody to talk to. */
export function openNothing(): TabChannel {
  return { post() {}, close() {} };
}

/** All tabs write to one place, whoever leads. */
export class SharedStore implements TicketStore {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  load(): StoredTicket | undefined {
    return read(() => localStorage, this.#key);
  }

  save(stored: StoredTicket): void {
    write(() => localStorage, this.#key, stored);
  }

  leave(): void {
    // It stays for the next page.
  }
}

/**
 * A tab on its own hands its ticket to nobody but its own next page. It is written when the page
 * goes and taken away when it is read: a tab that is duplicated gets a copy of the storage, and two
 * tabs with one ticket would take the session from each other.
 */
export class LoneStore implements TicketStore {
  readonly #key: string;
  #stored: StoredTicket | undefined;
  #loaded = false;

  constructor(key: string) {
    this.#key = key;
  }

  load(): StoredTicket | undefined {
    if (!this.#loaded) {
      this.#loaded = true;
      this.#stored = read(() => sessionStorage, this.#key);
      write(() => sessionStorage, this.#key, undefined);
    }
    return this.#stored;
  }

  save(stored: StoredTicket): void {
    this.#stored = stored;
  }

  leave(): void {
    write(() => sessionStorage, this.#key, this.#stored);
    this.#loaded = false; // should the page come back
  }
}

// Storage may be missing, full or forbidden; then a reload begins a new session, and that is all.

function read(storage: () => Storage, key: string): StoredTicket | undefined {
  try {
    const text = storage().getItem(key);
    const stored = text === null ? undefined : (JSON.parse(text) as StoredTicket);
    const { sessionId, attempt, wish } = stored?.ticket ?? {};
    const isWhole =
      typeof sessionId === "string" &&
      Number.isInteger(attempt) &&
      Number.isInteger(stored?.term) &&
      typeof wish === "object";
    return isWhole ? stored : undefined;
  } catch {
    return undefined;
  }
}

function write(storage: () => Storage, key: string, stored: StoredTicket | undefined): void {
  try {
    if (stored) {
      storage().setItem(key, JSON.stringify(stored));
    } else {
      storage().removeItem(key);
    }
  } catch {
    // See above.
  }
}
