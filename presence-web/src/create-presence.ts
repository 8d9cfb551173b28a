import {
  browserLocks,
  canShare,
  LoneStore,
  noLocks,
  openBroadcast,
  openNothing,
  SharedStore,
} from "./browser/browser-tabs.js";
import { isPage, watchPage } from "./browser/page-events.js";
import { PresenceError } from "./errors.js";
import { Departure, type ServerMessage } from "./gen/presence/v1/presence_pb.js";
import { systemLoop } from "./loop.js";
import { type FriendsUpdate, Model } from "./model.js";
import type { Person, Presence } from "./presence.js";
import { ConnectTransport, type PeoplePage } from "./session/connect-transport.js";
import { SessionMachine, UNCONFIRMED } from "./session/machine.js";
import { nodeFetch } from "./session/node-fetch.js";
import { claimsOf, Tokens, type TokenSource } from "./session/tokens.js";
import type { ConnectionState, OwnStatus, SessionInfo, StatusChange } from "./state.js";
import { TabGroup } from "./tabs/tab-group.js";

const IDLE_AFTER = 5 * 60_000;
const NAME_RETRY = 2_000;
const USUAL_PAGE = 100;
const SIGN_OUT_LIMIT = 12_000;

/** How to be present. */
export interface PresenceOptions {
  /** Where the servers are, such as `https://presence.example.com`. */
  readonly baseUrl: string;
  /**
   * Gives the user's token: a JWT. Called with `refused: true` when the servers did not take the
   * last one.
   */
  readonly token: TokenSource;
  /** What kind of device this is: 1 to 32 characters of `[a-z0-9._-]`. By default `web`. */
  readonly device?: string | undefined;
  /** The app's version, for support: at most 64 characters. */
  readonly clientVersion?: string | undefined;
  /** To be used instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** After how many milliseconds without input the user counts as away. By default 5 minutes. */
  readonly idleAfterMs?: number | undefined;
  /**
   * Tabs of one name and `baseUrl` share one session. By default the token's `sub`; needed where the
   * token is none that can be read.
   */
  readonly name?: string | undefined;
  /** False: this tab holds a session of its own. By default tabs share one where they can. */
  readonly shareTabs?: boolean | undefined;
  /** Hears each message of the stream as it comes, in the tab that holds the session. */
  readonly onFrame?: ((message: ServerMessage) => void) | undefined;
}

/** The user's friends: the contacts whom the user may see. */
export interface Friends {
  /** All who were ever said to be anything; whoever is missing is offline, once `ready`. */
  readonly all: ReadonlyMap<string, Presence>;
  /** Whether the friends are known yet. */
  readonly ready: boolean;
  /** One of them; undefined for nobody known. */
  get(userId: string): Presence | undefined;
  /**
   * Calls back with the friends as soon as they are known, which may be at once, and whenever one
   * of them changes. After a lost connection only the differences are told. Returns what ends it.
   */
  subscribe(callback: (update: FriendsUpdate) => void): () => void;
}

/** The presence of one user in one browser. */
export interface PresenceClient {
  /** How the connection stands. */
  readonly state: ConnectionState;
  /** The user's friends, live. */
  readonly friends: Friends;
  /** The user's own status. */
  readonly self: OwnStatus;
  /** The session as a server began or resumed it last. */
  readonly session: SessionInfo | undefined;
  /** Whether this tab holds the session; the others follow it. */
  readonly isLeading: boolean;
  /** Calls back when the state changes. Returns what ends that. */
  onState(callback: (state: ConnectionState) => void): () => void;
  /** Calls back when the own status changes. Returns what ends that. */
  onSelf(callback: (self: OwnStatus) => void): () => void;
  /** Calls back when a server has begun or resumed the session. Returns what ends that. */
  onSession(callback: (session: SessionInfo) => void): () => void;
  /** Changes the own status. Kept and sent again until a server has confirmed it. */
  setStatus(change: StatusChange): void;
  /** All contacts by name: online first, then offline, last seen newest first. */
  contacts(): Promise<readonly Person[]>;
  /** A page of the directory of all users; those one may see come first. */
  users(pageToken?: string, pageSize?: number): Promise<PeoplePage>;
  /** The servers' clock: the reference for "5 min ago". */
  now(): Date;
  /** Leaves for good, in all tabs; true once a server has confirmed it. */
  signOut(): Promise<boolean>;
  /** Leaves this tab. The user stays present in others; else others see it after a while. */
  close(): void;
}

/**
 * Makes the user present, until `close()` or `signOut()`.
 *
 * In a browser all tabs share one session, and one that reloads carries it on: friends notice
 * nothing. Under Node each call has a session of its own.
 */
export function createPresence(options: PresenceOptions): PresenceClient {
  return new Client(options);
}

class Client implements PresenceClient {
  readonly friends: Friends;
  readonly #model = new Model();
  readonly #tokens: Tokens;
  readonly #transport: ConnectTransport;
  readonly #group: Promise<TabGroup>;
  #joined: TabGroup | undefined;
  #stopWatching: (() => void) | undefined;
  #closed = false;

  constructor(options: PresenceOptions) {
    const model = this.#model;
    this.#tokens = new Tokens(systemLoop, options.token);
    const globalFetch: typeof fetch = isPage() ? (input, init) => fetch(input, init) : nodeFetch;
    this.#transport = new ConnectTransport(options.baseUrl, options.fetch ?? globalFetch);
    this.friends = {
      get all() {
        return model.friends;
      },
      get ready() {
        return model.ready;
      },
      get: (userId) => model.presence(userId),
      subscribe: (callback) => {
        if (model.ready) {
          callback({ friends: model.friends, changed: [...model.friends.values()] });
        }
        return model.onFriends.add(callback);
      },
    };
    this.#group = this.#join(options);
    model.onState.add(({ kind }) => {
      if (kind === "offline") {
        this.#stopWatching?.();
      }
    });
  }

  get state(): ConnectionState {
    return this.#model.state;
  }

  get self(): OwnStatus {
    return this.#model.self;
  }

  get session(): SessionInfo | undefined {
    return this.#model.session;
  }

  get isLeading(): boolean {
    return this.#joined?.isLeading ?? false;
  }

  onState(callback: (state: ConnectionState) => void): () => void {
    return this.#model.onState.add(callback);
  }

  onSelf(callback: (self: OwnStatus) => void): () => void {
    return this.#model.onSelf.add(callback);
  }

  onSession(callback: (session: SessionInfo) => void): () => void {
    return this.#model.onSession.add(callback);
  }

  setStatus(status: StatusChange): void {
    void this.#group.then((group) => group.ask({ status }));
  }

  async contacts(): Promise<readonly Person[]> {
    const people: Person[] = [];
    let pageToken: string | undefined = "";
    while (pageToken !== undefined) {
      const from: string = pageToken;
      const page: PeoplePage = await this.#call((token) =>
        this.#transport.listContacts(token, from),
      );
      people.push(...page.people);
      pageToken = page.nextPageToken;
    }
    return people;
  }

  users(pageToken = "", pageSize = USUAL_PAGE): Promise<PeoplePage> {
    return this.#call((token) => this.#transport.listUsers(token, pageToken, pageSize));
  }

  now(): Date {
    return new Date(systemLoop.wall() + this.#model.skew);
  }

  async signOut(): Promise<boolean> {
    const group = await this.#group;
    if (this.#model.state.kind === "offline") {
      return false;
    }
    const over = new Promise<boolean>((resolve) => {
      const done = (confirmed: boolean) => {
        stopListening();
        limit.cancel();
        resolve(confirmed);
      };
      const stopListening = this.#model.onState.add((state) => {
        if (state.kind === "offline") {
          done(state.reason === "signed-out" && state.detail !== UNCONFIRMED);
        }
      });
      const limit = systemLoop.schedule(SIGN_OUT_LIMIT, () => done(false));
    });
    group.ask({ signOut: true });
    return over;
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching?.();
    if (this.#joined) {
      this.#joined.close();
    } else {
      const state = { kind: "offline", reason: "closed", detail: "" } as const;
      this.#model.apply({ type: "state", state });
    }
  }

  async #join(options: PresenceOptions): Promise<TabGroup> {
    const shared = options.shareTabs !== false && canShare();
    const user = options.name ?? (shared || isPage() ? await this.#userOfToken() : "");
    const name = `presence ${options.baseUrl} ${user}`;
    const loop = systemLoop;
    const group = new TabGroup({
      loop,
      model: this.#model,
      tab: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
      name,
      alone: !shared,
      locks: shared ? browserLocks : noLocks,
      openChannel: shared ? (onMessage) => openBroadcast(name, onMessage) : openNothing,
      store: shared ? new SharedStore(name) : new LoneStore(name),
      createMachine: (listener, ticket) =>
        new SessionMachine({
          loop,
          transport: this.#transport,
          tokens: this.#tokens,
          device: options.device ?? "web",
          clientVersion: options.clientVersion ?? "",
          listener: { ...listener, onFrame: (message) => this.#onFrame(options, message) },
          ticket,
          friends: this.#model.ready ? this.#model.friends.values() : undefined,
          again: this.#model.session !== undefined,
          surviveTakeover: shared,
        }),
      sayLeaving: (machine) => this.#sayLeaving(machine),
    });
    if (this.#closed) {
      return group;
    }
    this.#joined = group;
    if (isPage()) {
      this.#stopWatching = watchPage(loop, options.idleAfterMs ?? IDLE_AFTER, {
        onVisible: (visible) => group.setVisible(visible),
        onIdle: (idle) => group.setIdle(idle),
        onWake: () => group.wake(),
        onFreeze: () => group.freeze(),
        onThaw: () => group.thaw(),
        onHide: () => group.leave(),
        onRestore: () => group.join(),
      });
    }
    group.join();
    return group;
  }

  /** Whose tabs these are; waits until the app has a token to tell it. */
  async #userOfToken(): Promise<string> {
    while (!this.#closed) {
      try {
        return claimsOf(await this.#tokens.get()).sub ?? "";
      } catch (cause) {
        const reason = `no token: ${String(cause)}`;
        const state = { kind: "connecting", again: false, reason } as const;
        this.#model.apply({ type: "state", state });
        await new Promise<void>((resolve) => systemLoop.schedule(NAME_RETRY, resolve));
      }
    }
    return "";
  }

  #onFrame(options: PresenceOptions, message: ServerMessage): void {
    try {
      options.onFrame?.(message);
    } catch (error) {
      console.error("presence-web: onFrame threw", error);
    }
  }

  #sayLeaving(machine: SessionMachine): void {
    const word = machine.lastWord();
    const token = this.#tokens.last;
    if (word && token !== undefined) {
      const { sessionId, attempt, route } = word;
      this.#transport.disconnectAndForget(
        { sessionId, attempt, departure: Departure.LEAVING },
        { token, route },
      );
    }
  }

  async #call<T>(send: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#tokens.get();
    try {
      return await send(token);
    } catch (cause) {
      if (PresenceError.from(cause).code !== "Unauthenticated") {
        throw cause;
      }
      this.#tokens.refused(token);
      return send(await this.#tokens.get());
    }
  }
}
