import type { Presence as WirePresence, Snapshot } from "../gen/presence/v1/presence_pb.js";
import { offline, type Presence, presenceOf, samePresence } from "../presence.js";

/** Hears what is new. `complete`: from now on, whoever was not told is offline. */
export type FriendsListener = (changed: readonly Presence[], complete: boolean) => void;

/**
 * What the app has been told about the friends, and what to tell it next. Each stream brings a
 * whole snapshot; only the first one reaches the app as such, of later ones just the differences.
 *
 * A friend who went offline while we were not listening is not listed by the snapshot, and their
 * last seen comes in a later part. They are told once, with that; but not later than the owner's
 * call of `settle()`, since a slow database must not make anybody look online.
 */
export class ContactView {
  readonly #listener: FriendsListener;
  readonly #known = new Map<string, Presence>();
  readonly #listed = new Set<string>();
  readonly #leaving = new Set<string>();
  #told: boolean;
  #complete = false;
  #lastSeenComplete = false;

  /** Begins with what the app knows already, if it knows anything. */
  constructor(listener: FriendsListener, known?: Iterable<Presence>) {
    this.#listener = listener;
    this.#told = known !== undefined;
    for (const presence of known ?? []) {
      this.#known.set(presence.userId, presence);
    }
  }

  /** A new stream begins, with a snapshot of its own. */
  begin(): void {
    this.#listed.clear();
    this.#leaving.clear();
    this.#complete = false;
    this.#lastSeenComplete = false;
    if (!this.#told) {
      this.#known.clear(); // half a snapshot of a stream that was lost is worth nothing
    }
  }

  /** Takes one part of the snapshot. */
  snapshot(part: Snapshot): void {
    const changed = this.#take(part.presences);
    if (part.complete && !this.#complete) {
      this.#complete = true;
      if (!this.#told) {
        this.#told = true;
        this.#listener([...this.#known.values()], true);
        changed.length = 0;
      } else {
        this.#findLeaving();
      }
    }
    if (part.lastSeenComplete && !this.#lastSeenComplete) {
      this.#lastSeenComplete = true;
      changed.push(...this.#settled());
      // Who is offline and was not listed even now has stopped showing when they were last seen.
      for (const userId of this.#known.keys()) {
        if (!this.#listed.has(userId)) {
          changed.push(...this.#put(offline(userId)));
        }
      }
    }
    this.#tell(changed);
  }

  /** Takes changed presences. */
  apply(changed: readonly WirePresence[]): void {
    this.#tell(this.#take(changed));
  }

  /** Whether friends who left in the gap are still waiting for their last seen. */
  get isSettled(): boolean {
    return this.#leaving.size === 0;
  }

  /** Tells the friends who left in the gap now, as they are. */
  settle(): void {
    this.#tell(this.#settled());
  }

  #take(wire: readonly WirePresence[]): Presence[] {
    return wire.flatMap((each) => {
      this.#listed.add(each.userId);
      this.#leaving.delete(each.userId);
      return this.#put(presenceOf(each));
    });
  }

  #findLeaving(): void {
    for (const { userId, state } of this.#known.values()) {
      if (state !== "offline" && !this.#listed.has(userId)) {
        this.#leaving.add(userId);
      }
    }
  }

  #settled(): Presence[] {
    const left = [...this.#leaving].flatMap((userId) => this.#put(offline(userId)));
    this.#leaving.clear();
    return left;
  }

  /** Remembers it; returns it if that is news. */
  #put(presence: Presence): Presence[] {
    const before = this.#known.get(presence.userId);
    this.#known.set(presence.userId, presence);
    return samePresence(before ?? offline(presence.userId), presence) ? [] : [presence];
  }

  #tell(changed: readonly Presence[]): void {
    if (this.#told && changed.length > 0) {
      this.#listener(changed, false);
    }
  }
}
