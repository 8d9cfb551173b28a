import { beforeEach } from "vitest";
import { Model } from "../src/model.js";
import { SessionMachine } from "../src/session/machine.js";
import type { Ticket } from "../src/session/session-identity.js";
import type { SessionSetup } from "../src/session/session-setup.js";
import { Tokens } from "../src/session/tokens.js";
import { FakeLoop, FakeServer, settled } from "./fakes.js";

// One session and what is around it, new before each test of a file that imports it.
export let loop: FakeLoop;
export let server: FakeServer;
export let model: Model;
export let tickets: Ticket[];
export let tokensAsked: boolean[];

beforeEach(() => {
  loop = new FakeLoop();
  server = new FakeServer();
  model = new Model();
  tickets = [];
  tokensAsked = [];
});

/** A session that has not started yet. */
export function machine(setup: Partial<SessionSetup> = {}): SessionMachine {
  const tokens = new Tokens(loop, ({ refused }) => {
    tokensAsked.push(refused);
    return `token ${tokensAsked.length}`;
  });
  return new SessionMachine({
    loop,
    transport: server,
    tokens,
    device: "web",
    clientVersion: "1",
    listener: {
      onState: (state) => model.apply({ type: "state", state }),
      onFriends: (changed, complete) => model.apply({ type: "friends", changed, complete }),
      onSelf: (self) => model.apply({ type: "self", self }),
      onSession: (session) => model.apply({ type: "session", session, skew: 0 }),
      onTicket: (ticket) => tickets.push(ticket),
    },
    ...setup,
  });
}

/** A session that has been told hello. */
export async function live(setup: Partial<SessionSetup> = {}): Promise<SessionMachine> {
  const session = machine(setup);
  session.start();
  await settled();
  server.last.hello();
  await settled();
  return session;
}
