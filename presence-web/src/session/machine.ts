import type { Activity, Hello, ServerMessage } from "../gen/presence/v1/presence_pb.js";
import type { Loop } from "../loop.js";
import type { OfflineReason, StatusChange } from "../state.js";
import { Announcer } from "./announcer.js";
import { Connection, type ConnectionOwner } from "./connection.js";
import { Downlink } from "./downlink.js";
import type { Ending } from "./ending.js";
import type { LiveStream } from "./live-stream.js";
import { SessionIdentity } from "./session-identity.js";
import type { SessionSetup } from "./session-setup.js";
import { availabilityOf, StatusWish } from "./status-wish.js";
import { type SessionAddress, Uplink, type UplinkOwner } from "./uplink.js";

/** The detail of a sign-out that no server has confirmed. */
export const UNCONFIRMED = "no server has confirmed it";

const SIGN_OUT_LIMIT = 10_000;

/**
 * One session, from the first Open to the sign-out: joins the connection that carries it, what goes
 * up and comes down by that, and what the app is told. Knows time only from its loop and does no I/O
 * of its own: a test drives it.
 */
export class SessionMachine implements ConnectionOwner, UplinkOwner {
  readonly #loop: Loop;
  readonly #setup: SessionSetup;
  readonly #wish: StatusWish;
  readonly #identity: SessionIdentity;
  readonly #announcer: Announcer;
  readonly #uplink: Uplink;
  readonly #connection: Connection;
  readonly #downlink: Downlink;
  #signingOut: Promise<boolean> | undefined;
  #stopped = false;

  constructor(setup: SessionSetup) {
    this.#loop = setup.loop;
    this.#setup = setup;
    this.#wish = new StatusWish(setup.loop, setup.ticket?.wish);
    this.#identity = new SessionIdentity(this.#wish, setup.ticket);
    this.#announcer = new Announcer(setup, this.#identity, this.#wish);
    this.#uplink = new Uplink(setup, this.#wish, this);
    this.#connection = new Connection(setup, this.#identity, this);
    this.#downlink = new Downlink(setup, this.#connection, this.#uplink, this.#announcer);
  }

  // --- What the app and the page ask for -------------------------------------------------------

  /** Goes on air. */
  start(): void {
    this.#announcer.connecting();
    this.#connection.start();
  }

  /** The user's status changes. */
  setStatus(change: StatusChange): void {
    this.#wish.set(change);
    this.#announcer.ticket();
    this.#announcer.self();
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

  /** Something woke the page or the network. */
  wake(): void {
    this.#connection.wake();
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
      this.#announcer.state({ kind: "offline", reason, detail });
    }
  }

  /** Ends all streams without a word to anybody: the session is in its grace period now. */
  detach(): void {
    this.#stopped = true;
    this.#connection.close();
  }

  /** What a last word to the servers would have to say; nothing if there is no session. */
  lastWord(): SessionAddress | undefined {
    return this.#identity.address();
  }

  // --- What the connection tells ---------------------------------------------------------------

  onOpening(): void {
    this.#announcer.ticket();
  }

  opening(): { activity: Activity; hidden: boolean } {
    return this.#uplink.opening();
  }

  onHello(stream: LiveStream, hello: Hello, resumed: boolean): void {
    this.#wish.heard(availabilityOf(hello.availability));
    this.#downlink.begin();
    this.#announcer.ticket();
    this.#announcer.session(hello, stream.attempt, resumed);
    this.#announcer.state({ kind: "live", rosterPending: false });
    this.#announcer.self();
    this.#uplink.onHello(stream);
  }

  onFrame(message: ServerMessage): void {
    this.#setup.listener.onFrame?.(message);
  }

  onMessage(stream: LiveStream, message: ServerMessage): void {
    this.#downlink.onMessage(stream, message);
  }

  onLost(reason: string): void {
    this.#announcer.connecting({ reason });
  }

  onHopeless(reason: OfflineReason, detail: string): void {
    this.stop(reason, detail);
  }

  // --- What the uplink tells -------------------------------------------------------------------

  onRefused(stream: LiveStream, ending: Ending): void {
    this.#connection.refuse(stream, ending);
  }

  onStatusConfirmed(): void {
    this.#announcer.ticket();
  }

  // --- Leaving ---------------------------------------------------------------------------------

  async #sayGoodBye(): Promise<boolean> {
    this.#connection.tryNoMore();
    this.#announcer.leaving();
    const limit = this.#loop.schedule(SIGN_OUT_LIMIT, () => this.#signedOut(UNCONFIRMED));
    const known = this.lastWord();
    let confirmed = await this.#signOutOf(known);
    // A stream that was being opened may have begun another session in place of that one.
    await this.#connection.settled();
    const begun = this.lastWord();
    if (begun && begun.sessionId !== known?.sessionId) {
      confirmed = await this.#signOutOf(begun);
    }
    limit.cancel();
    this.#signedOut(confirmed ? "" : UNCONFIRMED);
    return confirmed;
  }

  async #signOutOf(address: SessionAddress | undefined): Promise<boolean> {
    return (
      address !== undefined &&
      !this.#stopped &&
      (await this.#uplink.signOut(address, SIGN_OUT_LIMIT, () => this.#stopped))
    );
  }

  #signedOut(detail: string): void {
    this.#identity.end();
    this.#announcer.ticket();
    this.stop("signed-out", detail);
  }
}
