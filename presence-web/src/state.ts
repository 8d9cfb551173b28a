/** Why the library has given up a session. */
export type OfflineReason =
  /** The user signed out, here or elsewhere. */
  | "signed-out"
  /** The app called `close()`. */
  | "closed"
  /** The token was refused, and so was the one the app gave when asked again. */
  | "unauthenticated"
  /** The token is good, but not for this. */
  | "permission-denied"
  /** The server finds fault with what the library sent; trying again would not help. */
  | "rejected"
  /** Another client took the session over. */
  | "replaced"
  /** The server asked not to come back. */
  | "told-to-stop";

/** How the connection stands. */
export type ConnectionState =
  | {
      /** On the way to a server. What is known of the friends may be out of date. */
      readonly kind: "connecting";
      /** Whether a connection was lost; false on the first way in. */
      readonly again: boolean;
      /** What happened last, for people and logs; its text may change. */
      readonly reason?: string | undefined;
    }
  | {
      /** Connected; changes arrive as they happen. */
      readonly kind: "live";
      /** The server cannot load the list of friends now; it follows when it can. */
      readonly rosterPending: boolean;
      /** Never set. */
      readonly reason?: undefined;
    }
  | {
      /** Connected, but the server is out of touch with the others: what it says may be old. */
      readonly kind: "stale";
      /** Until when its knowledge was complete. */
      readonly asOf?: Date | undefined;
      /** The server cannot load the list of friends now; it follows when it can. */
      readonly rosterPending: boolean;
      /** Never set. */
      readonly reason?: undefined;
    }
  | {
      /** Given up, and final: the library tries no more. */
      readonly kind: "offline";
      /** Why. */
      readonly reason: OfflineReason;
      /** What happened last, for people and logs; its text may change. */
      readonly detail: string;
    };

/** Whether somebody is at the device. */
export type Activity = "active" | "away";

/** The user's wish: show what the devices say, or show as busy. */
export type Availability = "available" | "busy";

/** The user's own status. */
export interface OwnStatus {
  /** Kept by the servers, for all devices. Undefined until a server has said it. */
  readonly availability: Availability | undefined;
  /** What this browser was told by `setStatus`. An idle or hidden one is away none the less. */
  readonly activity: Activity;
}

/** What is to change; a part that is left out stays as it is. */
export interface StatusChange {
  /** Of this browser: `away` until told otherwise, whoever moves the mouse. */
  readonly activity?: Activity | undefined;
  /** Of the user, on all devices. */
  readonly availability?: Availability | undefined;
}

/** A session that a server has just begun or carried on. */
export interface SessionInfo {
  /** The session's id. */
  readonly sessionId: string;
  /** How many times this session was asked for, this time included. */
  readonly attempt: number;
  /** Whether the session asked for goes on; if not, this is a new one. */
  readonly resumed: boolean;
  /** The name of the server that holds it. */
  readonly node: string;
  /** The servers' clock at that moment. */
  readonly serverTime: Date;
}
