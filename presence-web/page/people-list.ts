import type { Person } from "presence-web";
import { hue, initials, says } from "./words.js";

const MOVE = 260;

/** Online first by name, then offline by last seen, newest first; those never seen last. */
export function inOrder(a: Person, b: Person): number {
  const aOff = a.presence.state === "offline";
  const bOff = b.presence.state === "offline";
  if (aOff !== bOff) {
    return aOff ? 1 : -1;
  }
  const aSeen = aOff ? (a.presence.lastSeen?.getTime() ?? 0) : 0;
  const bSeen = bOff ? (b.presence.lastSeen?.getTime() ?? 0) : 0;
  return bSeen - aSeen || a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1);
}

/** A round thing with initials. */
export function avatar(userId: string, name: string): HTMLElement {
  const circle = document.createElement("span");
  circle.className = "avatar";
  circle.setAttribute("aria-hidden", "true");
  circle.style.setProperty("--hue", String(hue(userId)));
  circle.textContent = initials(name);
  return circle;
}

/** A list of people, whose rows move to where they belong. */
export class PeopleList {
  readonly #list: HTMLElement;
  readonly #key: string;
  readonly #rows = new Map<string, Row>();

  readonly #me: string;

  /** Each row says by this attribute whose it is, and one of them that it is mine. */
  constructor(list: HTMLElement, key: "data-user" | "data-person", me: string) {
    this.#list = list;
    this.#key = key;
    this.#me = me;
  }

  /** Shows these, in this order. */
  show(people: readonly Person[], now: Date): void {
    const before = this.#places();
    const wanted = new Set(people.map(({ userId }) => userId));
    for (const [userId, row] of this.#rows) {
      if (!wanted.has(userId)) {
        row.element.remove();
        this.#rows.delete(userId);
      }
    }
    let place: Element | null = this.#list.firstElementChild;
    for (const person of people) {
      const row = this.#row(person);
      row.show(person, now);
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        this.#list.insertBefore(row.element, place);
      }
    }
    this.#move(before);
  }

  /** Time has passed. */
  tick(now: Date): void {
    for (const row of this.#rows.values()) {
      row.tick(now);
    }
  }

  #row(person: Person): Row {
    let row = this.#rows.get(person.userId);
    if (!row) {
      row = new Row(person, this.#key, person.userId === this.#me);
      this.#rows.set(person.userId, row);
    }
    return row;
  }

  /** Where the rows in sight are. Nobody sees the others move. */
  #places(): Map<Element, number> {
    const places = new Map<Element, number>();
    if (this.#rows.size > 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      for (const { element } of this.#rows.values()) {
        places.set(element, element.getBoundingClientRect().top);
      }
    }
    return places;
  }

  #move(before: Map<Element, number>): void {
    const inSight = (top: number) => top > -100 && top < innerHeight + 100;
    const moves = [...before].flatMap(([element, from]) => {
      const to = element.isConnected ? element.getBoundingClientRect().top : from;
      return to !== from && (inSight(from) || inSight(to)) ? [{ element, by: from - to }] : [];
    });
    for (const { element, by } of moves) {
      element.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
        duration: MOVE,
        easing: "cubic-bezier(0.2, 0, 0, 1)",
      });
    }
  }
}

class Row {
  readonly element = document.createElement("li");
  readonly #name = document.createElement("p");
  readonly #says = document.createElement("p");
  readonly #avatar: HTMLElement;
  readonly #suffix: string;
  #named: string;
  #person: Person;

  constructor(person: Person, key: string, isMe: boolean) {
    this.#person = person;
    this.#named = person.name;
    this.#suffix = isMe ? " (you)" : "";
    this.element.className = "row";
    this.element.setAttribute(key, person.userId);
    const circle = avatar(person.userId, person.name);
    this.#avatar = circle;
    const dot = document.createElement("span");
    dot.className = "dot";
    circle.append(dot);
    const who = document.createElement("div");
    who.className = "who";
    this.#name.className = "name";
    this.#says.className = "says";
    who.append(this.#name, this.#says);
    this.element.append(circle, who);
  }

  show(person: Person, now: Date): void {
    this.#person = person;
    this.element.dataset["state"] = person.presence.state;
    if (person.name !== this.#named) {
      // A name may come after the person.
      this.#named = person.name;
      this.#avatar.firstChild?.replaceWith(initials(person.name));
    }
    setText(this.#name, person.name + this.#suffix);
    this.#says.title = person.presence.lastSeen?.toLocaleString() ?? "";
    this.tick(now);
  }

  /** The words below the name are the dot's text alternative, for everybody to read. */
  tick(now: Date): void {
    setText(this.#says, says(this.#person.presence, now));
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
