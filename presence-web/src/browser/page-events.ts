import type { Loop, Timer } from "../loop.js";

/** What happens to a page. */
export interface PageListener {
  /** The page can be seen, or no longer. */
  onVisible(visible: boolean): void;
  /** Nobody has touched anything for a while, or somebody has again. */
  onIdle(idle: boolean): void;
  /** The page or the network may have slept. */
  onWake(): void;
  /** The page is frozen: it may be kept from running for long. */
  onFreeze(): void;
  /** The page runs again. */
  onThaw(): void;
  /** The page goes: for good, or into the back/forward cache. */
  onHide(): void;
  /** The page is back from there. */
  onRestore(): void;
}

const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Whether this is a page at all. */
export function isPage(): boolean {
  return typeof document !== "undefined" && typeof window !== "undefined";
}

/** Listens to the page until told to stop. `unload` is left alone: it breaks the cache. */
export function watchPage(loop: Loop, idleAfter: number, listener: PageListener): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const isVisible = () => document.visibilityState === "visible";

  const seen = () => {
    listener.onVisible(isVisible());
    if (isVisible()) {
      listener.onThaw();
      listener.onWake();
    }
  };
  document.addEventListener("visibilitychange", seen, { signal });
  document.addEventListener("freeze", () => listener.onFreeze(), { signal });
  document.addEventListener(
    "resume",
    () => {
      listener.onThaw();
      listener.onWake();
    },
    { signal },
  );
  window.addEventListener("online", () => listener.onWake(), { signal });
  window.addEventListener("pagehide", () => listener.onHide(), { signal });
  window.addEventListener(
    "pageshow",
    ({ persisted }) => {
      if (persisted) {
        listener.onRestore();
      }
      listener.onWake();
    },
    { signal },
  );
  listener.onVisible(isVisible());

  const idleness = new Idleness(loop, idleAfter, (idle) => listener.onIdle(idle));
  for (const kind of INPUT) {
    window.addEventListener(kind, () => idleness.touched(), {
      signal,
      passive: true,
      capture: true,
    });
  }
  return () => {
    listening.abort();
    idleness.stop();
  };
}

/** Tells when nobody has touched anything for so long. One timer, whatever the mouse does. */
class Idleness {
  readonly #loop: Loop;
  readonly #after: number;
  readonly #tell: (idle: boolean) => void;
  #lastInput: number;
  #idle = false;
  #timer: Timer | undefined;

  constructor(loop: Loop, after: number, tell: (idle: boolean) => void) {
    this.#loop = loop;
    this.#after = after;
    this.#tell = tell;
    this.#lastInput = loop.now();
    this.#wait(after);
  }

  touched(): void {
    this.#lastInput = this.#loop.now();
    if (this.#idle) {
      this.#idle = false;
      this.#tell(false);
      this.#wait(this.#after);
    }
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #wait(delay: number): void {
    this.#timer = this.#loop.schedule(delay, () => {
      const left = this.#lastInput + this.#after - this.#loop.now();
      if (left > 0) {
        this.#wait(left);
      } else {
        this.#idle = true;
        this.#tell(true);
      }
    });
  }
}
