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
import { Model } from "./model.js";
import type { Person } from "./presence.js";
import type { Friends, PresenceClient, PresenceOptions } from "./presence-client.js";
import { ConnectTransport, type PeoplePage } from "./session/connect-transport.js";
import { SessionMachine, UNCONFIRMED } from "./session/machine.js";
import { nodeFetch } from "./session/node-fetch.js";
import { claimsOf, Tokens } from "./session/tokens.js";
import type { ConnectionState, OwnStatus, SessionInfo, StatusChange } from "./state.js";
import { TabGroup } from "./tabs/tab-group.js";

const IDLE_AFTER = 5 * 60_000;
const NAME_RETRY = 2_000;
const USUAL_PAGE = 100;
const SIGN_OUT_LIMIT = 12_000;

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
