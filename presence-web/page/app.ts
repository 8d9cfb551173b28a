import {
  type ConnectionState,
  createPresence,
  type Person,
  type Presence,
  type PresenceClient,
  type StatusChange,
} from "presence-web";
import { demoToken } from "./dev-server.js";
import { announce, byId } from "./dom.js";
import { avatar, inOrder, PeopleList } from "./people-list.js";
import { connectionWords, noticeWords } from "./words.js";

const PAGE = 50;
const FRIENDS_SHOWN = 200;
const TICK = 5_000;
/** A hand-over to another tab or server is over by then, and worth no word. */
const PATIENCE = 800;
const NAMES_PAUSE = 1_000;
const PEOPLE_RETRY = 5_000;
const ANNOUNCE_PAUSE = 1_500;

const STATUS: Record<string, StatusChange> = {
  available: { activity: "active", availability: "available" },
  away: { activity: "away", availability: "available" },
  busy: { activity: "active", availability: "busy" },
};

/** The page of somebody who is signed in. */
export class App {
  /** For the page's tests. */
  readonly presence: PresenceClient;

  readonly #user: string;
  readonly #names = new Map<string, string>();
  readonly #friends: PeopleList;
  readonly #people: PeopleList;
  readonly #listening = new AbortController();
  #directory = new Map<string, Person>();
  #nextPage: string | undefined = "";
  #friendsShown = FRIENDS_SHOWN;
  #knownAt: Date | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #frame = 0;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #namesTimer: ReturnType<typeof setTimeout> | undefined;
  #announced = new Map<string, string>();
  #announceTimer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(user: string, onOver: (state: ConnectionState) => void) {
    this.#user = user;
    this.#friends = new PeopleList(byId("friends"), "data-user", user);
    this.#people = new PeopleList(byId("people"), "data-person", user);
    this.presence = createPresence({
      baseUrl: location.origin,
      token: () => demoToken(user),
      clientVersion: "demo",
      name: user,
    });
    byId("my-avatar").replaceChildren(avatar(user, user));
    byId("my-name").textContent = user;
    byId("app").hidden = false;
    byId("my-name").focus(); // what had the focus is gone
    this.#listen(onOver);
    this.#onState(this.presence.state);
    this.#showSelf();
    void this.#fetchNames();
    void this.#fetchPeople();
  }

  /** Leaves the page as it was. */
  end(): void {
    this.#over = true;
    this.#listening.abort();
    for (const timer of [
      ...this.#timers,
      this.#noticeTimer,
      this.#namesTimer,
      this.#announceTimer,
    ]) {
      clearTimeout(timer);
    }
    cancelAnimationFrame(this.#frame);
    this.presence.close();
    this.#friends.show([], new Date());
    this.#people.show([], new Date());
    byId("app").hidden = true;
  }

  #listen(onOver: (state: ConnectionState) => void): void {
    const { presence } = this;
    const { signal } = this.#listening;
    presence.onState((state) => {
      this.#onState(state);
      if (state.kind === "offline" && state.reason === "signed-out" && !this.#over) {
        onOver(state);
      }
    });
    presence.onSelf(() => this.#showSelf());
    presence.onSession(() => void this.#fetchNames());
    let first = true;
    presence.friends.subscribe(({ changed }) => {
      if (!first) {
        this.#announceFriends(changed);
      }
      first = false;
      if (changed.some(({ userId }) => !this.#names.has(userId))) {
        this.#fetchNamesSoon();
      }
      this.#draw();
    });
    const tick = setInterval(() => {
      this.#friends.tick(presence.now());
      this.#people.tick(presence.now());
    }, TICK);
    this.#timers.push(tick);

    byId("status").addEventListener(
      "change",
      ({ target }) => {
        const change = target instanceof HTMLInputElement ? STATUS[target.value] : undefined;
        if (change) {
          presence.setStatus(change);
        }
      },
      { signal },
    );
    const signOut = byId<HTMLButtonElement>("sign-out");
    signOut.disabled = false;
    signOut.addEventListener(
      "click",
      () => {
        signOut.disabled = true;
        void presence.signOut();
      },
      { signal },
    );
    byId("friends-more").addEventListener(
      "click",
      () => {
        this.#friendsShown += FRIENDS_SHOWN;
        this.#draw();
      },
      { signal },
    );
    byId("people-more").addEventListener("click", () => void this.#fetchPeople(), { signal });
    byId("notice-action").addEventListener("click", () => onOver(presence.state), { signal });
  }

  // --- The connection --------------------------------------------------------------------------

  #onState(state: ConnectionState): void {
    if (document.body.dataset["connection"] === "live" && state.kind !== "live") {
      this.#knownAt = this.presence.now();
    }
    document.body.dataset["connection"] = state.kind;
    byId("friends").toggleAttribute("data-old", state.kind !== "live");
    byId("people").toggleAttribute("data-old", state.kind !== "live");
    clearTimeout(this.#noticeTimer);
    if (state.kind === "connecting" && byId("connection-text").textContent !== "") {
      this.#noticeTimer = setTimeout(() => this.#showConnection(state), PATIENCE);
    } else {
      this.#showConnection(state);
    }
    this.#draw();
  }

  #showConnection(state: ConnectionState): void {
    const words = connectionWords(state);
    const notice = noticeWords(state, this.#knownAt);
    if (byId("connection-text").textContent !== words) {
      byId("connection-text").textContent = words;
      announce(notice === "" ? words : notice);
    }
    byId("notice-text").textContent = notice;
    byId("notice").hidden = notice === "";
    byId("notice-action").hidden = state.kind !== "offline";
    byId("notice-action").textContent = "Sign in again";
  }

  // --- The own status --------------------------------------------------------------------------

  #showSelf(): void {
    const { activity, availability } = this.presence.self;
    const chosen = availability === "busy" ? "busy" : activity === "away" ? "away" : "available";
    for (const input of byId("status").querySelectorAll("input")) {
      input.checked = input.value === chosen;
    }
    this.#draw();
  }

  #ownPresence(): Presence {
    const { state, self } = this.presence;
    const shown = self.availability === "busy" ? "busy" : self.activity === "away" ? "away" : "online";
    const connected = state.kind === "live" || state.kind === "stale";
    return { userId: this.#user, state: connected ? shown : "unknown", stale: false };
  }

  // --- People ----------------------------------------------------------------------------------

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    if (document.visibilityState === "hidden") {
      this.#drawNow(); // no frames come, and there is nothing to be smooth for
    } else {
      this.#frame = requestAnimationFrame(() => this.#drawNow());
    }
  }

  #drawNow(): void {
    if (this.#over) {
      return;
    }
    this.#drawFriends();
    this.#drawPeople();
  }

  #drawFriends(): void {
    const { friends } = this.presence;
    if (!friends.ready) {
      return;
    }
    const ids = new Set(this.#names.keys());
    for (const { userId, state } of friends.all.values()) {
      if (state !== "offline") {
        ids.add(userId); // a contact whose name has not come yet
      }
    }
    ids.delete(this.#user);
    const all = [...ids].map((userId) => this.#person(userId)).sort(inOrder);
    this.#friends.show(all.slice(0, this.#friendsShown), this.presence.now());
    const there = all.filter(({ presence }) => presence.state !== "offline").length;
    byId("friends-count").textContent = `${there} of ${all.length} here`;
    byId("friends-more").hidden = all.length <= this.#friendsShown;
    byId("friends-empty").hidden = all.length > 0;
    byId("friends-empty").textContent = "No friends yet.";
    byId("friends").setAttribute("aria-busy", "false");
  }

  #drawPeople(): void {
    const { friends } = this.presence;
    const isKnown = ({ userId }: Person) =>
      userId === this.#user || this.#names.has(userId) || friends.get(userId) !== undefined;
    const all = [...this.#directory.values()].map((person) => this.#live(person));
    const known = all.filter(isKnown).sort(inOrder);
    const others = all.filter((person) => !isKnown(person));
    this.#people.show([...known, ...others], this.presence.now());
  }

  #person(userId: string): Person {
    const presence = this.presence.friends.get(userId);
    return {
      userId,
      name: this.#names.get(userId) ?? this.#directory.get(userId)?.name ?? userId,
      presence: presence ?? { userId, state: "offline", stale: false },
    };
  }

  /** As it is now, for those whom one may see. */
  #live(person: Person): Person {
    const { userId } = person;
    const presence =
      userId === this.#user ? this.#ownPresence() : this.presence.friends.get(userId);
    return presence ? { ...person, presence } : person;
  }

  #fetchNamesSoon(): void {
    this.#namesTimer ??= setTimeout(() => {
      this.#namesTimer = undefined;
      void this.#fetchNames();
    }, NAMES_PAUSE);
  }

  async #fetchNames(): Promise<void> {
    try {
      const contacts = await this.presence.contacts();
      this.#names.clear();
      for (const { userId, name } of contacts) {
        this.#names.set(userId, name);
      }
      this.#draw();
    } catch {
      // The connection says what is wrong; with the next session the names are asked for again.
    }
  }

  async #fetchPeople(): Promise<void> {
    const more = byId<HTMLButtonElement>("people-more");
    more.disabled = true;
    try {
      const { people, nextPageToken } = await this.presence.users(this.#nextPage, PAGE);
      for (const person of people) {
        this.#directory.set(person.userId, person);
        if (person.userId === this.#user) {
          this.#showOwnName(person.name);
        }
      }
      this.#nextPage = nextPageToken;
      more.hidden = nextPageToken === undefined;
      byId("people-empty").hidden = this.#directory.size > 0;
      byId("people").setAttribute("aria-busy", "false");
      this.#draw();
    } catch {
      if (!this.#over && this.presence.state.kind !== "offline") {
        this.#timers.push(setTimeout(() => void this.#fetchPeople(), PEOPLE_RETRY));
      }
    } finally {
      more.disabled = false;
    }
  }

  #showOwnName(name: string): void {
    byId("my-name").textContent = name;
    byId("my-avatar").replaceChildren(avatar(this.#user, name));
    document.title = `${name} – Presence`;
  }

  /** Who came and went, gathered: a listener is not to be talked to all the time. */
  #announceFriends(changed: readonly Presence[]): void {
    for (const { userId, state } of changed) {
      this.#announced.set(userId, state);
    }
    this.#announceTimer ??= setTimeout(() => {
      this.#announceTimer = undefined;
      const news = [...this.#announced];
      this.#announced.clear();
      const words = news.map(([userId, state]) => `${this.#person(userId).name} is ${state}`);
      announce(words.length <= 3 ? words.join(", ") : `${words.length} friends have changed`);
    }, ANNOUNCE_PAUSE);
  }
}
