import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  type Contact as WireContact,
  type Presence as WirePresence,
  PresenceState as WireState,
} from "./gen/presence/v1/presence_pb.js";

/**
 * What others see of a user. `unknown` means "cannot be told now": never show it as offline. A
 * state of a later release reads as `unknown` too.
 */
export type PresenceState = "unknown" | "offline" | "online" | "away" | "busy";

/** What one may see of one user. Never changes: a newer state is a new object. */
export interface Presence {
  /** The user. */
  readonly userId: string;
  /** The user's state. */
  readonly state: PresenceState;
  /** When the user was last seen, if offline, ever seen, and showing it. On the servers' clock. */
  readonly lastSeen?: Date | undefined;
  /** Until when the answering server's knowledge was complete, where it is out of date. */
  readonly asOf?: Date | undefined;
  /** Whether the answering server was out of touch with the others. */
  readonly stale: boolean;
}

/** A user by name, as the contact list and the directory show them. */
export interface Person {
  /** The user. */
  readonly userId: string;
  /** The display name. */
  readonly name: string;
  /** What one may see of this user. */
  readonly presence: Presence;
}

/** Somebody of whom nothing is said: offline, without last seen. */
export function offline(userId: string): Presence {
  return { userId, state: "offline", stale: false };
}

/** Whether the two say the same. */
export function samePresence(a: Presence, b: Presence): boolean {
  return (
    a.userId === b.userId &&
    a.state === b.state &&
    a.stale === b.stale &&
    a.lastSeen?.getTime() === b.lastSeen?.getTime() &&
    a.asOf?.getTime() === b.asOf?.getTime()
  );
}

/** Reads a presence off the wire. */
export function presenceOf(wire: WirePresence): Presence {
  return {
    userId: wire.userId,
    state: stateOf(wire.state),
    lastSeen: dateOf(wire.lastSeen),
    asOf: dateOf(wire.asOf),
    stale: wire.stale,
  };
}

/** Reads an entry of a list off the wire. */
export function personOf(wire: WireContact): Person {
  const userId = wire.presence?.userId ?? "";
  return {
    userId,
    name: wire.name,
    presence: wire.presence
      ? presenceOf(wire.presence)
      : { userId, state: "unknown", stale: false },
  };
}

/** Reads a time off the wire. */
export function dateOf(time: Timestamp | undefined): Date | undefined {
  return time && timestampDate(time);
}

function stateOf(wire: WireState): PresenceState {
  switch (wire) {
    case WireState.OFFLINE:
      return "offline";
    case WireState.ONLINE:
      return "online";
    case WireState.AWAY:
      return "away";
    case WireState.BUSY:
      return "busy";
    default:
      return "unknown";
  }
}
