import { offline, type Presence, samePresence } from "./presence.js";
import type { ConnectionState, OwnStatus, SessionInfo } from "./state.js";

/** One thing that is new, as it goes from the tab that holds the session to the others. */
export type ModelEvent =
  | { readonly type: "state"; readonly state: ConnectionState }
  | { readonly type: "friends"; readonly changed: readonly Presence[]; readonly complete: boolean }
  | { readonly type: "self"; readonly self: OwnStatus }
  | { readonly type: "session"; readonly session: SessionInfo; readonly skew: number };

/** All there is to know, for a tab that knows nothing yet. */
export interface Mirror {
  readonly state: ConnectionState;
  /** Undefined: not known yet. */
  readonly friends: readonly Presence[] | undefined;
  readonly self: OwnStatus;
  readonly session: SessionInfo | undefined;
  readonly skew: number;
}

/** The friends at one moment, and who is new or different since the last one. */
export interface FriendsUpdate {
  /** All who were ever said to be anything; whoever is missing is offline. Never changes. */
  readonly friends: ReadonlyMap<string, Presence>;
  /** Those that differ from the last update; all of them in the first one. */
  readonly changed: readonly Presence[];
}

/** Calls back until told to stop. */
export class Hook<T> {
  readonly #callbacks = new Set<{ call: (value: T) => void }>();

  /** Adds a callback; what it returns removes it. */
  add(call: (value: T) => void): () => void {
    const entry = { call };
    this.#callbacks.add(entry);
    return () => void this.#callbacks.delete(entry);
  }

  /** Whether anybody would hear. */
  get isHeard(): boolean {
    return this.#callbacks.size > 0;
  }

  /** Calls all; one that throws is reported, and does not keep the others from hearing. */
  tell(value: T): void {
    for (const { call } of [...this.#callbacks]) {
      try {
        call(value);
      } catch (error) {
        console.error("presence-web: a callback threw", error);
      }
    }
  }
}

/** What this tab knows, whoever holds the session. */
export class Model {
  readonly onState = new Hook<ConnectionState>();
  readonly onFriends = new Hook<FriendsUpdate>();
  readonly onSelf = new Hook<OwnStatus>();
  readonly onSession = new Hook<SessionInfo>();

  #state: ConnectionState = { kind: "connecting", again: false };
  #friends = new Map<string, Presence>();
  #shared: ReadonlyMap<string, Presence> | undefined;
  #ready = false;
  #self: OwnStatus = { availability: undefined, activity: "active" };
  #session: SessionInfo | undefined;
  #skew = 0;

  get state(): ConnectionState {
    return this.#state;
  }

  get self(): OwnStatus {
    return this.#self;
  }

  get session(): SessionInfo | undefined {
    return this.#session;
  }

  /** How far the servers' clock is ahead of the device's, in milliseconds. */
  get skew(): number {
    return this.#skew;
  }

  /** Whether the friends are known: before that, whoever is missing may be anything. */
  get ready(): boolean {
    return this.#ready;
  }

  /** The friends now. */
  get friends(): ReadonlyMap<string, Presence> {
    this.#shared ??= new Map(this.#friends);
    return this.#shared;
  }

  presence(userId: string): Presence | undefined {
    return this.#friends.get(userId);
  }

  mirror(): Mirror {
    return {
      state: this.#state,
      friends: this.#ready ? [...this.#friends.values()] : undefined,
      self: this.#self,
      session: this.#session,
      skew: this.#skew,
    };
  }

  apply(event: ModelEvent): void {
    switch (event.type) {
      case "state":
        if (!sameState(this.#state, event.state)) {
          this.#state = event.state;
          this.onState.tell(event.state);
        }
        break;
      case "friends":
        this.#change(event.changed, event.complete);
        break;
      case "self":
        if (
          this.#self.activity !== event.self.activity ||
          this.#self.availability !== event.self.availability
        ) {
          this.#self = event.self;
          this.onSelf.tell(event.self);
        }
        break;
      case "session":
        this.#skew = event.skew;
        this.#session = event.session;
        this.onSession.tell(event.session);
        break;
    }
  }

  /** Takes over what another tab knows; only the differences are news. */
  replace({ state, friends, self, session, skew }: Mirror): void {
    if (friends) {
      this.#change(friends, true);
    }
    this.apply({ type: "self", self });
    if (session && !sameSession(this.#session, session)) {
      this.apply({ type: "session", session, skew });
    }
    this.apply({ type: "state", state });
  }

  #change(changed: readonly Presence[], complete: boolean): void {
    if (!this.#ready && !complete) {
      return; // of a tab that knows more than this one; its mirror is on the way
    }
    const first = !this.#ready;
    const news = complete && !first ? this.#differences(changed) : changed;
    for (const presence of news) {
      this.#friends.set(presence.userId, presence);
    }
    this.#shared = undefined;
    this.#ready = true;
    if ((first || news.length > 0) && this.onFriends.isHeard) {
      this.onFriends.tell({ friends: this.friends, changed: news });
    }
  }

  /** How a whole list differs from what is known: whoever it does not name is offline. */
  #differences(whole: readonly Presence[]): Presence[] {
    const missing = new Map(this.#friends);
    const news = whole.filter((presence) => {
      const before = missing.get(presence.userId);
      missing.delete(presence.userId);
      return !before || !samePresence(before, presence);
    });
    for (const { userId, state } of missing.values()) {
      if (state !== "offline") {
        news.push(offline(userId));
      }
    }
    return news;
  }
}

function sameSession(a: SessionInfo | undefined, b: SessionInfo): boolean {
  return a?.sessionId === b.sessionId && a.attempt === b.attempt;
}

/** Whether an app would see no difference; the words of `reason` and `detail` may change any time. */
function sameState(a: ConnectionState, b: ConnectionState): boolean {
  if (a.kind === "connecting" && b.kind === "connecting") {
    return a.again === b.again && a.reason === b.reason;
  }
  if (a.kind === "live" && b.kind === "live") {
    return a.rosterPending === b.rosterPending;
  }
  if (a.kind === "stale" && b.kind === "stale") {
    return a.rosterPending === b.rosterPending && a.asOf?.getTime() === b.asOf?.getTime();
  }
  return a.kind === "offline" && b.kind === "offline";
}
