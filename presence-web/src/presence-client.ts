import type { ServerMessage } from "./gen/presence/v1/presence_pb.js";
import type { FriendsUpdate } from "./model.js";
import type { Person, Presence } from "./presence.js";
import type { PeoplePage } from "./session/connect-transport.js";
import type { TokenSource } from "./session/tokens.js";
import type { ConnectionState, OwnStatus, SessionInfo, StatusChange } from "./state.js";

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
