/**
 * Presence for browsers and Node: who of one's contacts is online, away, busy or offline.
 *
 * Begin with {@link createPresence}.
 *
 * @module
 */
export { createPresence } from "./create-presence.js";
export { type ErrorCode, PresenceError } from "./errors.js";
export type { ServerMessage } from "./gen/presence/v1/presence_pb.js";
export type { FriendsUpdate } from "./model.js";
export type { Person, Presence, PresenceState } from "./presence.js";
export type { Friends, PresenceClient, PresenceOptions } from "./presence-client.js";
export type { PeoplePage } from "./session/connect-transport.js";
export type { TokenSource } from "./session/tokens.js";
export type {
  Activity,
  Availability,
  ConnectionState,
  OfflineReason,
  OwnStatus,
  SessionInfo,
  StatusChange,
} from "./state.js";
