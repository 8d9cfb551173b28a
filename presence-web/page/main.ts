import type { PresenceClient } from "presence-web";
import { App } from "./app.js";
import { offlineWords } from "./words.js";
import { showSignIn } from "./sign-in.js";

declare global {
  interface Window {
    /** For the page's tests. */
    presenceDemo?: { presence: PresenceClient };
  }
}

const REMEMBERED = "presence-demo-user";

function signIn(user: string): void {
  sessionStorage.setItem(REMEMBERED, user);
  const app = new App(user, (state) => {
    sessionStorage.removeItem(REMEMBERED);
    history.replaceState(null, "", location.pathname + location.search);
    app.end();
    document.body.dataset["connection"] = "signed-out";
    delete window.presenceDemo;
    chooseUser(state.kind === "offline" ? offlineWords(state.reason) : "");
  });
  window.presenceDemo = { presence: app.presence };
}

function chooseUser(note: string): void {
  showSignIn(note, ({ id }) => signIn(id));
}

const wanted = new URLSearchParams(location.hash.slice(1)).get("user");
const user = wanted ?? sessionStorage.getItem(REMEMBERED);
if (user) {
  signIn(user);
} else {
  chooseUser("");
}
