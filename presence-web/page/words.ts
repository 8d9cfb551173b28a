import type { ConnectionState, OfflineReason, Presence } from "presence-web";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What stands below a name. */
export function says(presence: Presence, now: Date): string {
  switch (presence.state) {
    case "online":
      return "Online";
    case "away":
      return "Away";
    case "busy":
      return "Busy";
    case "unknown":
      return "Cannot be told right now";
    case "offline":
      return presence.lastSeen ? `was online ${ago(presence.lastSeen, now)}` : "Offline";
  }
}

/** Such as `5 min ago`. A time in the future is a clock's fault, and counts as now. */
export function ago(then: Date, now: Date): string {
  const passed = now.getTime() - then.getTime();
  if (passed < MINUTE) {
    return "just now";
  }
  if (passed < HOUR) {
    return `${Math.floor(passed / MINUTE)} min ago`;
  }
  if (passed < DAY) {
    return `${Math.floor(passed / HOUR)} h ago`;
  }
  if (passed < 7 * DAY) {
    const days = Math.floor(passed / DAY);
    return days === 1 ? "a day ago" : `${days} days ago`;
  }
  return `on ${then.toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" })}`;
}

/** Up to two letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return ([...first][0] ?? "?").toUpperCase() + ([...last][0] ?? "").toUpperCase();
}

/** A colour that stays with a user. */
export function hue(userId: string): number {
  let hash = 0;
  for (const char of userId) {
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  }
  return hash;
}

/** A few words on the connection. */
export function connectionWords(state: ConnectionState): string {
  switch (state.kind) {
    case "connecting":
      return state.again ? "Reconnecting…" : "Connecting…";
    case "live":
      return state.rosterPending ? "Live, friends follow" : "Live";
    case "stale":
      return state.asOf ? `As of ${clock(state.asOf)}` : "May be out of date";
    case "offline":
      return "Not connected";
  }
}

/** What to tell the user when not all is well; nothing when it is. */
export function noticeWords(state: ConnectionState, knownAt: Date | undefined): string {
  switch (state.kind) {
    case "connecting":
      if (!state.again) {
        return state.reason ? `No connection yet. Trying again. (${state.reason})` : "";
      }
      return `The connection was lost. Trying again${knownAt ? `; this is as of ${clock(knownAt)}` : ""}.`;
    case "live":
      return state.rosterPending ? "Your list of friends cannot be loaded now. It follows when it can." : "";
    case "stale":
      return `The servers are out of touch with each other${
        state.asOf ? `: this is as of ${clock(state.asOf)}` : ", so this may be out of date"
      }.`;
    case "offline":
      return offlineWords(state.reason);
  }
}

/** Why there is no connection any more. */
export function offlineWords(reason: OfflineReason): string {
  switch (reason) {
    case "signed-out":
      return "You have signed out.";
    case "closed":
      return "This page has left.";
    case "unauthenticated":
      return "You need to sign in again.";
    case "permission-denied":
      return "You are not allowed to see this.";
    case "rejected":
      return "The server does not understand this page. Reloading it may help.";
    case "replaced":
      return "This session goes on somewhere else.";
    case "told-to-stop":
      return "The server has asked this page to stop.";
  }
}

function clock(time: Date): string {
  return time.toLocaleTimeString(undefined, { timeStyle: "medium" });
}
