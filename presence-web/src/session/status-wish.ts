import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  Activity as WireActivity,
  Availability as WireAvailability,
  type UpdateStatusSchema,
} from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import type { Activity, Availability, StatusChange } from "../state.js";

const MAX_AGE = 86_400_000;
/** By then what a server has heard is known to all, or written. */
const TOLD_AGAIN = 300_000;

/** What has to survive a reload or a change of the tab that holds the session. */
export interface KeptWish {
  /** As the app set it. */
  readonly activity: Activity;
  /** The wish that no server has confirmed yet. */
  readonly availability?: Availability | undefined;
  /** When it was made, by the device's clock. */
  readonly madeAt?: number | undefined;
}

interface Wish {
  readonly availability: Availability;
  readonly madeAt: number;
}

/** What is to be sent now. */
export interface PendingStatus {
  /** As it goes over the wire. */
  readonly update: MessageInitShape<typeof UpdateStatusSchema>;
  /** The server has taken it. */
  confirmed(): void;
}

/**
 * What the status should be, and how much of it may not have reached a server yet.
 *
 * The activity travels in each Open, so only a change after that is sent. The wish to be busy or
 * available is kept by the servers, and set by the user's other devices as well: it is sent until
 * it was answered. A server that took it may have been cut off from the others, so each stream of
 * the next minutes is told again; a newer wish stands against that.
 */
export class StatusWish {
  readonly #loop: Loop;
  #activity: Activity;
  #idle = false;
  #told: Activity | undefined;
  #unconfirmed: Wish | undefined;
  /** The newest one that was confirmed, and the same while this stream has not been told. */
  #confirmed: Wish | undefined;
  #again: Wish | undefined;
  #stored: Availability | undefined;

  constructor(loop: Loop, kept?: KeptWish) {
    this.#loop = loop;
    this.#activity = kept?.activity ?? "active";
    if (kept?.availability) {
      this.#unconfirmed = {
        availability: kept.availability,
        madeAt: kept.madeAt ?? loop.wall(),
      };
    }
  }

  /** As the app set it. */
  get activity(): Activity {
    return this.#activity;
  }

  /** Ours, if it may be unknown to the servers; else theirs. */
  get availability(): Availability | undefined {
    return this.#unconfirmed?.availability ?? this.#stored;
  }

  /** What the servers have stored. */
  heard(availability: Availability | undefined): void {
    this.#stored = availability ?? this.#stored;
  }

  /** What has to survive. */
  kept(): KeptWish {
    return {
      activity: this.#activity,
      availability: this.#unconfirmed?.availability,
      madeAt: this.#unconfirmed?.madeAt,
    };
  }

  /** The app wishes something. */
  set({ activity, availability }: StatusChange): void {
    this.#activity = activity ?? this.#activity;
    if (availability) {
      this.#unconfirmed = { availability, madeAt: this.#loop.wall() };
      this.#again = undefined;
    }
  }

  /** Whether nobody has touched anything for a while. */
  setIdle(idle: boolean): void {
    this.#idle = idle;
  }

  /** The activity for an Open that goes out now. */
  open(): WireActivity {
    this.#told = this.#effective;
    const newest = this.#confirmed;
    this.#again =
      newest && this.#loop.wall() - newest.madeAt < TOLD_AGAIN ? newest : undefined;
    return wireActivity(this.#told);
  }

  /** What the server should hear now; nothing if it knows all. */
  pending(): PendingStatus | undefined {
    const activity = this.#effective;
    const wish = this.#unconfirmed ?? this.#again;
    if (activity === this.#told && !wish) {
      return undefined;
    }
    // Sent late, it must not override a newer wish of the user's other devices.
    const age = wish && Math.min(MAX_AGE, Math.max(0, this.#loop.wall() - wish.madeAt));
    return {
      update: {
        ...(activity !== this.#told && { activity: wireActivity(activity) }),
        ...(wish && {
          availability: WireAvailability[wish.availability === "busy" ? "BUSY" : "AVAILABLE"],
          availabilityAge: durationFromMs(age ?? 0),
        }),
      },
      confirmed: () => {
        this.#told = activity;
        if (wish && wish === this.#again) {
          this.#again = undefined;
        } else {
          this.heard(wish?.availability);
          this.#confirmed = wish ?? this.#confirmed;
        }
        if (this.#unconfirmed === wish) {
          this.#unconfirmed = undefined;
        }
      },
    };
  }

  get #effective(): Activity {
    return this.#idle ? "away" : this.#activity;
  }
}

/** Reads a wish off the wire. */
export function availabilityOf(wire: WireAvailability): Availability | undefined {
  switch (wire) {
    case WireAvailability.AVAILABLE:
      return "available";
    case WireAvailability.BUSY:
      return "busy";
    default:
      return undefined;
  }
}

function wireActivity(activity: Activity): WireActivity {
  return activity === "away" ? WireActivity.AWAY : WireActivity.ACTIVE;
}
