/** The element of the page with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`the page has no #${id}`);
  }
  return element as T;
}

/** Has it read out when whoever listens is done with what they hear. */
export function announce(text: string): void {
  byId("announcer").textContent = text;
}
