import type {
  Drain,
  Hello,
  ServerMessage,
  ServerState,
  Snapshot,
} from "../gen/presence/v1/presence_pb.js";
import type { Loop, Timer } from "../loop.js";
import { dateOf, type Presence } from "../presence.js";
import type {
  ConnectionState,
  OfflineReason,
  OwnStatus,
  SessionInfo,
  StatusChange,
} from "../state.js";
import { ContactView } from "./contact-view.js";
import { type Ending, millisOf, noToken } from "./ending.js";
import { LiveStream, type StreamOwner } from "./live-stream.js";
import { ReconnectPolicy } from "./reconnect-policy.js";
import { availabilityOf, type KeptWish, StatusWish } from "./status-wish.js";
import type { Tokens } from "./tokens.js";
import type { SessionTransport } from "./transport.js";
import { type SessionAddress, Uplink, type UplinkOwner } from "./uplink.js";

/** The detail of a sign-out that no server has confirmed. */
export const UNCONFIRMED = "no server has confirmed it";

const HELLO_TIMEOUT = 3_000;
const HELLO_TIMEOUT_WITHIN_GRACE = 1_500;
const SIGN_OUT_LIMIT = 10_000;
const LAST_SEEN_PATIENCE = 1_000;
const USUAL_GRACE = 10_000;
const SHORTEST_WAKE_GAP = 500;
const AFTER_TAKEOVER = 2_000;

/** By what a session is carried on, here or in another tab. */
export interface Ticket {
  /** Empty: no session yet. */
  readonly sessionId: string;
  /** How many times Open was sent for it. */
  readonly attempt: number;
  /** The status that goes with it. */
  readonly wish: KeptWish;
}

/** Hears what a session does. */
export interface SessionListener {
  /** How the connection stands. */
  onState(state: ConnectionState): void;
  /** Friends' presences that are new; `complete` with the first ones. */
  onFriends(changed: readonly Presence[], complete: boolean): void;
  /** The user's own status. */
  onSelf(self: OwnStatus): void;
  /** A server has begun or carried on the session. */
  onSession(session: SessionInfo): void;
  /** The ticket has changed; told before an Open goes out with it. */
  onTicket(ticket: Ticket): void;
  /** Each message as it comes. */
  onFrame?(message: ServerMessage): void;
}

/** What the session's machine works with. */
export interface SessionSetup {
  /** Time and chance. */
  readonly loop: Loop;
  /** The calls. */
  readonly transport: SessionTransport;
  /** The user's tokens. */
  readonly tokens: Tokens;
  /** Open.device. */
  readonly device: string;
  /** Open.client_version. */
  readonly clientVersion: string;
  /** Who hears of it. */
  readonly listener: SessionListener;
  /** The session to carry on. */
  readonly ticket?: Ticket | undefined;
  /** Friends' presences that the app knows already. */
  readonly friends?: Iterable<Presence> | undefined;
  /** Whether the connection was lost rather than never had. */
  readonly again?: boolean | undefined;
  /** Whether a session that somebody took over is followed by a new one; else that is the end. */
  readonly surviveTakeover?: boolean | undefined;
}

/**
 * Decides all that happens to one session: which stream carries it, when to open the next one, what
 * the app is told. Knows time only from its loop and does no I/O of its own: a test drives it.
 *
 * At most two streams exist. `current` carries the session, or is about to; `successor` takes over
 * when a draining server asked us to move, and has not been answered yet.
 */
export class SessionMachine implements StreamOwner, UplinkOwner {
  readonly #setup: SessionSetup;
  readonly #loop: Loop;
  readonly #policy: ReconnectPolicy;
  readonly #view: ContactView;
  readonly #wish: StatusWish;
  readonly #uplink: Uplink;

  #sessionId: string;
  #attempt: number; // how many times Open was sent for this session
  #route = ""; // of the server that held it last
  #grace = USUAL_GRACE;
  #graceEnds = -Infinity; // of the stream that was lost last
  #current: LiveStream | undefined;
  #successor: LiveStream | undefined;
  #retry: Timer | undefined;
  #fetchingToken = false;
  #tokenAskedAgain = false;
  #again: boolean;
  #signingOut: Promise<boolean> | undefined;
  #stopped = false;

  constructor(setup: SessionSetup) {
    this.#setup = setup;
    this.#loop = setup.loop;
    this.#policy = new ReconnectPolicy(setup.loop);
    this.#view = new ContactView(
      (changed, complete) => setup.listener.onFriends(changed, complete),
      setup.friends,
    );
    this.#wish = new StatusWish(setup.loop, setup.ticket?.wish);
    this.#uplink = new Uplink(setup, this.#wish, this);
    this.#sessionId = setup.ticket?.sessionId ?? "";
    this.#attempt = setup.ticket?.attempt ?? 0;
    this.#again = setup.again ?? false;
  }

  // --- What the app and the page ask for -------------------------------------------------------

  /** Goes on air. */
  start(): void {
    this.#become({ kind: "connecting", again: this.#again });
    this.#policy.connecting();
    this.#tryToOpen();
  }

  /** The user's status changes. */
  setStatus(change: StatusChange): void {
    this.#wish.set(change);
    this.#tellTicket();
    this.#tellSelf();
    this.#uplink.sendStatus();
  }

  /** Whether nobody has touched anything for a while. */
  setIdle(idle: boolean): void {
    this.#wish.setIdle(idle);
    this.#uplink.sendStatus();
  }

  /** Whether it counts as hidden now. */
  get isHidden(): boolean {
    return this.#uplink.isHidden;
  }

  /** Whether no page can be seen. */
  setHidden(hidden: boolean): void {
    this.#uplink.setHidden(hidden);
  }

  /** Something woke the page or the network: a stream that slept too long is not waited for. */
  wake(): void {
    this.#current?.check();
    if (this.#retry && !this.#current && this.#policy.sinceLastTry() > SHORTEST_WAKE_GAP) {
      this.#scheduleRetry(0);
    }
  }

  /** Leaves for good; true once a server has confirmed it. */
  signOut(): Promise<boolean> {
    this.#signingOut ??= this.#sayGoodBye();
    return this.#signingOut;
  }

  /** Gives up, and says so to the listener. */
  stop(reason: OfflineReason, detail = ""): void {
    if (!this.#stopped) {
      this.detach();
      this.#become({ kind: "offline", reason, detail });
    }
  }

  /** Ends all streams without a word to anybody: the session is in its grace period now. */
  detach(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#current?.abandon();
    this.#successor?.abandon();
  }

  /** What a last word to the servers would have to say; nothing if there is no session. */
  lastWord(): SessionAddress | undefined {
    return this.#sessionId === ""
      ? undefined
      : { sessionId: this.#sessionId, attempt: this.#attempt, route: this.#route };
  }

  // --- Opening ---------------------------------------------------------------------------------

  #tryToOpen(): void {
    this.#retry = undefined;
    if (this.#fetchingToken || this.#stopped) {
      return;
    }
    this.#fetchingToken = true;
    this.#setup.tokens.get().then(
      (token) => {
        this.#fetchingToken = false;
        this.#open(token);
      },
      (cause: unknown) => {
        this.#fetchingToken = false;
        this.#policy.trying();
        this.#decide(undefined, noToken(`no token: ${String(cause)}`));
      },
    );
  }

  #open(token: string): void {
    if (this.#stopped || this.#signingOut) {
      return;
    }
    this.#attempt = this.#sessionId === "" ? 1 : this.#attempt + 1;
    const stream = new LiveStream(this.#loop, this, this.#attempt);
    const moving = this.#current !== undefined;
    if (moving) {
      this.#successor = stream;
    } else {
      this.#current = stream;
    }
    this.#policy.trying();
    this.#tellTicket();
    if (this.#stopped) {
      return; // Who heard of the ticket knew that the session is not ours any more.
    }
    const withinGrace = !moving && this.#loop.now() < this.#graceEnds;
    const { activity, hidden } = this.#uplink.opening();
    stream.open(
      this.#setup.transport,
      token,
      {
        open: {
          sessionId: this.#sessionId,
          attempt: this.#attempt,
          device: this.#setup.device,
          clientVersion: this.#setup.clientVersion,
          activity,
        },
        hidden,
      },
      withinGrace ? HELLO_TIMEOUT_WITHIN_GRACE : HELLO_TIMEOUT,
    );
  }

  // --- What streams tell -----------------------------------------------------------------------

  onHello(stream: LiveStream, hello: Hello): void {
    if (stream === this.#successor) {
      this.#current?.abandon();
      this.#current = stream;
      this.#successor = undefined;
    }
    const resumed = hello.resumed && hello.sessionId === this.#sessionId;
    this.#sessionId = hello.sessionId; // a new one keeps the attempt that it was begun with
    this.#route = hello.route;
    this.#grace = hello.gracePeriod ? millisOf(hello.gracePeriod) : USUAL_GRACE;
    this.#tokenAskedAgain = false;
    this.#policy.answered();
    const serverTime = dateOf(hello.serverTime) ?? new Date(this.#loop.wall());
    this.#wish.heard(availabilityOf(hello.availability));
    this.#view.begin();
    this.#tellTicket();
    this.#setup.listener.onSession({
      sessionId: hello.sessionId,
      attempt: stream.attempt,
      resumed,
      node: hello.node,
      serverTime,
    });
    this.#again = true;
    this.#become({ kind: "live", rosterPending: false });
    this.#tellSelf();
    this.#uplink.onHello(stream);
  }

  onFrame(message: ServerMessage): void {
    this.#setup.listener.onFrame?.(message);
  }

  onMessage(stream: LiveStream, message: ServerMessage): void {
    if (stream !== this.#current) {
      return;
    }
    const { kind } = message;
    switch (kind.case) {
      case "ping":
        this.#uplink.onPing(stream, kind.value.sequence);
        break;
      case "snapshot":
        this.#snapshot(stream, kind.value);
        break;
      case "changes":
        this.#view.apply(kind.value.presences);
        break;
      case "serverState":
        this.#serverState(kind.value);
        break;
      case "drain":
        this.#drain(kind.value);
        break;
      default: // of a later release
    }
  }

  #snapshot(stream: LiveStream, part: Snapshot): void {
    this.#view.snapshot(part);
    if (part.complete && !this.#view.isSettled) {
      this.#loop.schedule(LAST_SEEN_PATIENCE, () => {
        if (stream === this.#current) {
          this.#view.settle();
        }
      });
    }
  }

  #serverState({ stale, asOf, rosterPending }: ServerState): void {
    this.#become(
      stale
        ? { kind: "stale", asOf: dateOf(asOf), rosterPending }
        : { kind: "live", rosterPending },
    );
  }

  /** Moves to another server at some moment within the given time, while this stream goes on. */
  #drain({ reconnectWithin }: Drain): void {
    if (!this.#retry && !this.#successor) {
      const within = reconnectWithin ? millisOf(reconnectWithin) : 0;
      this.#scheduleRetry(this.#loop.random() * within);
    }
  }

  onEnded(stream: LiveStream, ending: Ending): void {
    if (stream === this.#successor) {
      this.#successor = undefined;
      this.#decide(stream, ending);
      return;
    }
    if (stream !== this.#current) {
      return;
    }
    if (stream.hadHello) {
      this.#graceEnds = this.#loop.now() + this.#grace;
    }
    this.#current = this.#successor;
    this.#successor = undefined;
    if (!this.#current) {
      this.#decide(stream, ending);
    } else if (ending.next === "stop") {
      this.stop(ending.reason, ending.detail);
    } else if (ending.next !== "replaced") {
      this.#become({ kind: "connecting", again: true, reason: ending.detail });
    }
    // Replaced: by our own newer Open, which is being answered just now.
  }

  #decide(stream: LiveStream | undefined, ending: Ending): void {
    if (this.#stopped) {
      return;
    }
    const wasLive = stream?.hadHello ?? false;
    let wait: number;
    switch (ending.next) {
      case "stop":
        this.stop(ending.reason, ending.detail);
        return;
      case "replaced":
        if (wasLive) {
          // Then by no Open of ours: none is newer than this stream's.
          if (!this.#setup.surviveTakeover) {
            this.stop(ending.reason, ending.detail);
            return;
          }
          // Another tab has it, and this one is about to learn that. If not, a session of one's own
          // cannot be fought over.
          this.#sessionId = "";
          wait = AFTER_TAKEOVER;
        } else {
          wait = this.#policy.afterFailure();
        }
        break;
      case "new-token":
        if (this.#tokenAskedAgain) {
          this.stop(ending.reason, ending.detail);
          return;
        }
        this.#tokenAskedAgain = true;
        if (stream) {
          this.#setup.tokens.refused(stream.token);
        }
        wait = 0; // nobody else waits for this token, so there is no crowd to avoid
        break;
      case "now":
        wait = 0;
        break;
      default:
        if (ending.next === "new-session") {
          this.#sessionId = "";
        }
        wait = wasLive ? this.#policy.afterLoss(stream?.lived ?? 0) : this.#policy.afterFailure();
    }
    if (!this.#current) {
      this.#become({ kind: "connecting", again: this.#again, reason: ending.detail });
    }
    this.#scheduleRetry(Math.max(wait, ending.wait));
  }

  #scheduleRetry(delay: number): void {
    if (this.#signingOut || this.#fetchingToken) {
      return; // a try is on its way, and will carry whatever is lost by now
    }
    this.#retry?.cancel();
    this.#retry = this.#loop.schedule(delay, () => this.#tryToOpen());
  }

  // --- What goes up ----------------------------------------------------------------------------

  onRefused(stream: LiveStream, ending: Ending): void {
    if (stream === this.#current && !this.#successor) {
      stream.end(ending);
    }
  }

  onStatusConfirmed(): void {
    this.#tellTicket();
  }

  async #sayGoodBye(): Promise<boolean> {
    this.#retry?.cancel();
    const address = this.lastWord();
    if (this.#stopped || !address) {
      this.#signedOut(UNCONFIRMED);
      return false;
    }
    const limit = this.#loop.schedule(SIGN_OUT_LIMIT, () => this.#signedOut(UNCONFIRMED));
    const confirmed = await this.#uplink.signOut(address, SIGN_OUT_LIMIT, () => this.#stopped);
    limit.cancel();
    this.#signedOut(confirmed ? "" : UNCONFIRMED);
    return confirmed;
  }

  #signedOut(detail: string): void {
    this.#sessionId = "";
    this.#attempt = 0;
    this.#tellTicket();
    this.stop("signed-out", detail);
  }

  // --- What the listener hears -----------------------------------------------------------------

  #become(state: ConnectionState): void {
    if (!this.#signingOut || state.kind === "offline") {
      this.#setup.listener.onState(state);
    }
  }

  #tellSelf(): void {
    this.#setup.listener.onSelf({
      availability: this.#wish.availability,
      activity: this.#wish.activity,
    });
  }

  #tellTicket(): void {
    this.#setup.listener.onTicket({
      sessionId: this.#sessionId,
      attempt: this.#attempt,
      wish: this.#wish.kept(),
    });
  }
}
