// Many users of the library in one Node process, for tests that are written elsewhere.
//
// Usage: node crowd.mjs BASE-URL. On stdin a user a line: {"user": "ada", "token": "…"}. On stdout what each one's
// application hears, a line each, with the time in milliseconds: {"at", "user", "state": "live", "reason": null},
// {"at", "user", "friend": "bob", "is": "online"}. Ends when stdin does, without a word to the servers.
import { createInterface } from "node:readline";
import { createPresence } from "../dist/index.js";

const [baseUrl] = process.argv.slice(2);

function say(line) {
  process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);
}

// What no caller of the library can catch would be an error in the application.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error) => say({ user: null, error: String(error?.stack ?? error) }));
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { user, token } = JSON.parse(line);
    const presence = createPresence({ baseUrl, token: () => token, device: "crowd" });
    presence.onState(({ kind, reason }) => say({ user, state: kind, reason: reason ?? null }));
    presence.onSession(({ node, resumed }) => say({ user, node, resumed }));
    presence.friends.subscribe(({ changed }) => {
      for (const { userId, state } of changed) say({ user, friend: userId, is: state });
    });
  })
  .on("close", () => process.exit(0));
