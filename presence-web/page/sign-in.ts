import { type DemoUser, demoUsers } from "./dev-server.js";
import { byId } from "./dom.js";
import { avatar } from "./people-list.js";

const FEW = 12;
const SHOWN = 50;

/** Lets somebody choose who they are. `note` says why they are here, if not for the first time. */
export function showSignIn(note: string, onChosen: (user: DemoUser) => void): void {
  const view = byId("sign-in");
  const list = byId("demo-users");
  const error = byId("sign-in-error");
  const retry = byId<HTMLButtonElement>("sign-in-retry");
  const filter = byId("sign-in-filter");
  const input = filter.querySelector("input");

  const show = (users: readonly DemoUser[]) => {
    const wanted = input?.value.trim().toLocaleLowerCase() ?? "";
    const matching = users.filter(({ id, name }) =>
      `${id} ${name}`.toLocaleLowerCase().includes(wanted),
    );
    list.replaceChildren(
      ...matching.slice(0, SHOWN).map((user) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.dataset["signIn"] = user.id;
        const name = document.createElement("span");
        name.textContent = user.name;
        button.append(avatar(user.id, user.name), name);
        button.addEventListener("click", () => {
          view.hidden = true;
          onChosen(user);
        });
        item.append(button);
        return item;
      }),
    );
  };

  const load = async () => {
    error.hidden = true;
    retry.hidden = true;
    try {
      const users = await demoUsers();
      filter.hidden = users.length <= FEW;
      if (input) {
        input.oninput = () => show(users);
      }
      show(users);
    } catch (cause) {
      error.textContent = `The demo's users cannot be had now. ${String(cause)}`;
      error.hidden = false;
      retry.hidden = false;
    }
  };

  retry.onclick = () => void load();
  list.replaceChildren();
  if (note !== "") {
    byId("sign-in-note").textContent = `${note} Choose who you are.`;
  }
  view.hidden = false;
  if (note !== "") {
    view.querySelector("h1")?.focus(); // what had the focus is gone
  }
  document.title = "Presence";
  void load();
}
