import type { ModelEvent } from "../model.js";
import type { SessionMachine } from "../session/machine.js";
import type { TabChannel, TabMessage, Wish } from "./ports.js";
import { Succession } from "./succession.js";
import type { TabSetup } from "./tab-setup.js";
import { type TabLook, TabTable } from "./tab-table.js";

/**
 * The tabs of one browser, which share one session. One of them leads: it holds the lock and the
 * stream, and tells the others all it hears. The others follow, and are ready: whoever gets the lock
 * next carries the same session on, so that friends notice nothing.
 *
 * This is one tab's place among them: when it takes part, how it looks, and what it hears and says.
 */
export class TabGroup {
  readonly #setup: TabSetup;
  readonly #tabs: TabTable;
  readonly #succession: Succession;
  #channel: TabChannel | undefined;
  #frozen = false;
  #finished = false;

  constructor(setup: TabSetup) {
    this.#setup = setup;
    this.#tabs = new TabTable(setup.loop);
    this.#succession = new Succession(setup, this.#tabs, {
      post: (message) => this.#post(message),
      onEvent: (event) => this.#onEvent(event),
    });
  }

  /** Whether this tab holds the session. */
  get isLeading(): boolean {
    return this.#succession.reign !== undefined;
  }

  // --- What the page and the app ask for -------------------------------------------------------

  /** Joins the others; also after `leave()`. */
  join(): void {
    if (this.#channel || this.#finished) {
      return;
    }
    this.#channel = this.#setup.openChannel((message) => this.#onMessage(message));
    this.#tellLook();
    this.#post({ type: "roll-call" });
    this.#succession.enter();
  }

  /** The page goes, perhaps to come back. Another tab takes over; if there is none, we say so. */
  leave(): void {
    if (!this.#channel) {
      return;
    }
    const alone = this.#tabs.isAlone;
    const machine = this.#stepAside();
    if (machine && alone) {
      this.#setup.sayLeaving(machine);
    }
    this.#setup.store.leave();
  }

  /**
   * The page is frozen from now on. Its timers and its stream stand still, but it may still be handed
   * locks and messages: so it steps aside for those who run. Alone it stays, to be taken for away.
   */
  freeze(): void {
    this.#frozen = true;
    if (!this.#succession.reign || !this.#tabs.isAlone) {
      this.#stepAside();
    }
  }

  /** The page runs again. */
  thaw(): void {
    if (this.#frozen) {
      this.#frozen = false;
      this.join();
    }
  }

  /** Leaves for good. */
  close(): void {
    this.leave();
    this.#finished = true;
    this.#setup.model.apply({
      type: "state",
      state: { kind: "offline", reason: "closed", detail: "" },
    });
  }

  /** This tab can be seen, or no longer. */
  setVisible(visible: boolean): void {
    if (this.#tabs.setOwn({ visible })) {
      this.#succession.bePatient();
      this.#tellLook();
    }
  }

  /** Somebody is at this tab, or no longer. */
  setIdle(idle: boolean): void {
    if (this.#tabs.setOwn({ idle })) {
      this.#tellLook();
    }
  }

  /** Something woke the page or the network. */
  wake(): void {
    this.#succession.reign?.machine.wake();
  }

  /** The app wishes something; whoever leads does it. */
  ask(wish: Wish): void {
    if (!this.#finished) {
      this.#succession.ask(wish);
    }
  }

  // --- The end ---------------------------------------------------------------------------------

  /** Takes no part any more; returns the machine that this tab led with. */
  #stepAside(): SessionMachine | undefined {
    this.#postLook({ visible: false, idle: true }, true);
    this.#channel?.close();
    this.#channel = undefined;
    return this.#succession.leave();
  }

  /** Given up is given up for all tabs; none may take over and begin anew. */
  #finishIfOffline(): void {
    if (this.#setup.model.state.kind === "offline" && !this.#finished) {
      this.#finished = true;
      this.#stepAside();
    }
  }

  // --- What is heard ---------------------------------------------------------------------------

  #onEvent(event: ModelEvent): void {
    this.#setup.model.apply(event);
    this.#finishIfOffline();
  }

  #onMessage(message: TabMessage): void {
    if (!this.#channel) {
      return;
    }
    if (this.#frozen && !(message.type === "tab" && message.gone)) {
      this.#stepAside(); // somebody else is running
      return;
    }
    switch (message.type) {
      case "tab":
        if (message.gone) {
          this.#tabs.gone(message.tab);
        } else {
          this.#tabs.heard(message.tab, message);
        }
        this.#succession.reign?.tellLook();
        break;
      case "roll-call":
        this.#tellLook();
        this.#succession.reign?.tellAll();
        break;
      case "probe":
        this.#succession.reign?.beat();
        break;
      case "ask":
        this.#succession.reign?.answer(message.id, message.wish);
        break;
      default:
        if (this.#succession.onLeader(message)) {
          this.#finishIfOffline();
        }
    }
  }

  // --- What is said ----------------------------------------------------------------------------

  #tellLook(): void {
    this.#postLook(this.#tabs.own, false);
    this.#succession.reign?.tellLook();
  }

  #postLook({ visible, idle }: TabLook, gone: boolean): void {
    this.#post({ type: "tab", tab: this.#setup.tab, visible, idle, gone });
  }

  #post(message: TabMessage): void {
    this.#channel?.post(message);
  }
}
