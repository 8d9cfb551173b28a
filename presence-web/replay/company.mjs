/**
 * Clients of a replay, many in one process: commands come in, what happens goes out, as lines of
 * JSON. It ends when its input does.
 *
 * In: `{"clock": true}`, answered at once; and of a client, by its number:
 * `{"open": 7, "token": "…", "url"?: instead of BASE_URL}`,
 * `{"status": 7, "activity"?: …, "availability"?: …}`, `{"signOut": 7}`,
 * `{"cut": 7, "away": milliseconds or -1, "how": …}`, `{"close": 7}`.
 *
 * Out: `{"event": …, "client": 7, "at": microseconds of this process's steady clock, "wall": Unix
 * milliseconds, …}`.
 *
 * Usage: `node company.mjs BASE_URL`
 */
import { createInterface } from "node:readline";
import { Guest } from "./guest.mjs";

const [, , baseUrl] = process.argv;
const guests = new Map();
let lines = [];

const now = () => performance.now();

/** What happens within one turn of the loop goes out as one piece. */
function say(line) {
  if (lines.push(line) === 1) {
    setImmediate(() => {
      process.stdout.write(`${lines.join("\n")}\n`);
      lines = [];
    });
  }
}

function tell(client, event, more) {
  const at = Math.round(now() * 1_000);
  say(JSON.stringify({ event, client, at, wall: Date.now(), ...more }));
}

function open(client, token, url = baseUrl) {
  guests.set(
    client,
    new Guest({ token, baseUrl: url, now, tell: (event, more) => tell(client, event, more) }),
  );
}

function act(command) {
  if (command.clock) {
    tell(-1, "clock");
  } else if ("open" in command) {
    open(command.open, command.token, command.url);
  } else if ("status" in command) {
    const { activity, availability } = command;
    guests.get(command.status)?.setStatus({ activity, availability });
  } else if ("signOut" in command) {
    guests.get(command.signOut)?.signOut();
  } else if ("cut" in command) {
    const away = command.away < 0 ? Infinity : command.away;
    guests.get(command.cut)?.cut(away, command.how);
  } else if ("close" in command) {
    guests.get(command.close)?.close();
    guests.delete(command.close);
  } else {
    throw new Error(`no command: ${JSON.stringify(command)}`);
  }
}

const input = createInterface({ input: process.stdin });
input.on("line", (line) => act(JSON.parse(line)));
input.on("close", () => {
  for (const guest of guests.values()) {
    guest.close();
  }
  setImmediate(() => process.exit(0)); // after what is still to be said
});
process.stdout.on("error", () => process.exit(1)); // whoever listened is gone
