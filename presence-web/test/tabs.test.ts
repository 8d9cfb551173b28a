import { beforeEach, describe, expect, it } from "vitest";
import { Departure, PresenceState } from "../src/gen/presence/v1/presence_pb.js";
import { Model } from "../src/model.js";
import { SessionMachine } from "../src/session/machine.js";
import { Tokens } from "../src/session/tokens.js";
import { TabGroup } from "../src/tabs/tab-group.js";
import { FakeBrowser, FakeLoop, FakeServer, FakeTab, settled } from "./fakes.js";

const { ONLINE, AWAY } = PresenceState;

let loop: FakeLoop;
let server: FakeServer;
let browser: FakeBrowser;
let tabs: number;

beforeEach(() => {
  loop = new FakeLoop();
  server = new FakeServer();
  browser = new FakeBrowser();
  tabs = 0;
});

class Tab {
  readonly fake = new FakeTab(loop);
  readonly model = new Model();
  readonly states: string[] = [];
  readonly changes: string[] = [];
  readonly leaves: unknown[] = [];
  readonly group: TabGroup;

  constructor() {
    this.model.onState.add(({ kind }) => this.states.push(kind));
    this.model.onFriends.add(({ changed }) => {
      this.changes.push(changed.map(({ userId, state }) => `${userId} ${state}`).join(", "));
    });
    const tokens = new Tokens(this.fake, () => "token");
    this.group = new TabGroup({
      loop: this.fake,
      model: this.model,
      tab: `tab ${++tabs}`,
      name: "presence",
      locks: browser.locks(this.fake),
      openChannel: (hear) => browser.channel(this.fake, hear),
      store: browser.store(),
      createMachine: (listener, ticket) =>
        new SessionMachine({
          loop: this.fake,
          transport: server,
          tokens,
          device: "web",
          clientVersion: "",
          listener,
          ticket,
          friends: this.model.ready ? this.model.friends.values() : undefined,
          again: this.model.session !== undefined,
          surviveTakeover: true,
        }),
      sayLeaving: (machine) =>
        this.leaves.push({ ...machine.lastWord(), departure: Departure.LEAVING }),
    });
    this.group.join();
  }
}

async function openTab(): Promise<Tab> {
  const tab = new Tab();
  await settled();
  return tab;
}

async function leader(): Promise<Tab> {
  const tab = await openTab();
  server.last.hello();
  server.last.snapshot({ ada: ONLINE, bob: AWAY });
  await settled();
  return tab;
}

describe("one session for all tabs", () => {
  it("should open one stream, and show all tabs the same", async () => {
    const first = await leader();
    const second = await openTab();
    expect(server.streams).toHaveLength(1);
    expect(first.group.isLeading).toBe(true);
    expect(second.group.isLeading).toBe(false);
    expect(second.model.state.kind).toBe("live");
    expect(second.model.session?.sessionId).toBe("s1");
    expect([...second.model.friends.keys()]).toEqual(["ada", "bob"]);

    server.last.send({ case: "changes", value: { presences: [{ userId: "bob", state: ONLINE }] } });
    await settled();
    expect(second.changes).toEqual(["ada online, bob away", "bob online"]);
  });

  it("should carry the same session on when the leading tab closes, and tell nobody", async () => {
    const first = await leader();
    const second = await openTab();
    first.group.leave();
    await settled();
    expect(second.group.isLeading).toBe(true);
    expect(server.streams[0]?.aborted).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    expect(first.leaves).toEqual([]);
    server.last.hello();
    server.last.snapshot({ ada: ONLINE, bob: AWAY });
    await settled();
    expect(second.changes).toHaveLength(1); // nothing new
    expect(second.model.state.kind).toBe("live");
  });

  it("should carry it on when the leading tab crashes", async () => {
    const first = await leader();
    const second = await openTab();
    browser.crash(first.fake);
    await settled();
    expect(second.group.isLeading).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should carry it on after a reload of the only tab, which says that it leaves", async () => {
    const first = await leader();
    first.group.leave();
    expect(first.leaves).toEqual([
      { sessionId: "s1", attempt: 1, route: "", departure: Departure.LEAVING },
    ]);
    await openTab();
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should come back from the back/forward cache", async () => {
    const first = await leader();
    first.group.leave();
    await loop.pass(60_000);
    expect(server.streams).toHaveLength(1);
    first.group.join();
    await settled();
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should not reuse an attempt that was never answered", async () => {
    const first = await leader();
    const second = await openTab();
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    expect(server.last.open.attempt).toBe(2);
    browser.crash(first.fake);
    await settled();
    expect(second.group.isLeading).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 3 });
  });

  it("should tell a follower who went offline when a tab that knew nothing took over", async () => {
    const first = await leader();
    const second = await openTab();
    second.fake.frozen = true;
    const third = await openTab();
    browser.crash(first.fake);
    await settled();
    second.fake.thaw();
    await settled();
    expect([second, third].filter(({ group }) => group.isLeading)).toHaveLength(1);
    server.last.hello();
    server.last.snapshot({ bob: AWAY });
    await settled();
    expect(second.model.friends.get("ada")?.state).toBe("offline");
    expect(third.model.friends.get("ada")?.state).toBe("offline");
  });
});

describe("a frozen leader", () => {
  it("should lose the session to a visible follower after 3 s, and follow when it wakes", async () => {
    const first = await leader();
    const second = await openTab();
    await loop.pass(5_000);
    expect(second.group.isLeading).toBe(false);

    first.fake.frozen = true;
    await loop.pass(2_000);
    expect(second.group.isLeading).toBe(false);
    await loop.pass(2_000);
    expect(second.group.isLeading).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    server.last.hello();
    server.last.snapshot({ ada: ONLINE, bob: ONLINE });
    await settled();
    expect(second.changes.at(-1)).toBe("bob online");

    first.fake.thaw();
    await settled();
    expect(first.group.isLeading).toBe(false);
    expect(server.streams[0]?.aborted).toBe(true);
    expect(first.model.friends.get("bob")?.state).toBe("online");
    await loop.pass(10_000);
    expect(server.streams).toHaveLength(2);
    expect(second.group.isLeading).toBe(true);
  });

  it("should not be robbed by a hidden follower", async () => {
    const first = await leader();
    const second = await openTab();
    second.group.setVisible(false);
    first.fake.frozen = true;
    await loop.pass(20_000);
    expect(second.group.isLeading).toBe(false);
    second.group.setVisible(true);
    await loop.pass(2_500);
    expect(second.group.isLeading).toBe(false);
    await loop.pass(1_500);
    expect(second.group.isLeading).toBe(true);
  });

  it("should not be robbed by a follower that was itself frozen", async () => {
    await leader();
    const second = await openTab();
    second.fake.frozen = true;
    await loop.pass(60_000);
    second.fake.thaw();
    await loop.pass(5_000);
    expect(second.group.isLeading).toBe(false);
  });
});

describe("a page that is told that it is frozen", () => {
  it("should step aside for another tab, and follow when it runs again", async () => {
    const first = await leader();
    const second = await openTab();
    first.group.freeze();
    await settled();
    expect(second.group.isLeading).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    expect(first.leaves).toEqual([]);
    server.last.hello();
    server.last.snapshot({ ada: AWAY, bob: AWAY });
    first.group.thaw();
    await settled();
    expect(first.group.isLeading).toBe(false);
    expect(first.model.friends.get("ada")?.state).toBe("away");
  });

  it("should keep the session while it is alone, and give it to the next tab", async () => {
    const first = await leader();
    first.group.freeze();
    await settled();
    expect(server.last.aborted).toBe(false);
    const second = await openTab();
    expect(second.group.isLeading).toBe(true);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    expect(server.streams[0]?.aborted).toBe(true);
  });

  it("should not be handed the session while another tab runs", async () => {
    const first = await leader();
    const second = await openTab();
    second.group.freeze();
    const third = await openTab();
    first.group.leave();
    await settled();
    expect(second.group.isLeading).toBe(false);
    expect(third.group.isLeading).toBe(true);
  });
});

describe("what tabs tell the leader", () => {
  it("should be hidden only when all tabs are", async () => {
    const first = await leader();
    const second = await openTab();
    first.group.setVisible(false);
    await settled();
    expect(server.heartbeats).toHaveLength(0);
    second.group.setVisible(false);
    await loop.pass(500);
    expect(server.heartbeats.at(-1)?.hidden).toBe(true);
    second.group.setVisible(true);
    await settled();
    expect(server.heartbeats.at(-1)?.hidden).toBe(false);
  });

  it("should not be hidden between one tab and the next", async () => {
    const first = await leader();
    const second = await openTab();
    second.group.setVisible(false);
    await settled();
    first.group.setVisible(false);
    await loop.pass(400);
    second.group.setVisible(true);
    await loop.pass(5_000);
    expect(server.heartbeats).toHaveLength(0);
    second.group.setVisible(false);
    await loop.pass(500);
    expect(server.heartbeats).toMatchObject([{ hidden: true }]);
  });

  it("should forget the look of a tab that crashed", async () => {
    const first = await leader();
    const second = await openTab();
    first.group.setVisible(false);
    browser.crash(second.fake);
    for (let i = 0; i < 5; i++) {
      await loop.pass(8_000);
      server.last.ping();
    }
    expect(server.heartbeats.at(-1)?.hidden).toBe(true);
  });

  it("should pass a follower's status on", async () => {
    const first = await leader();
    const second = await openTab();
    second.group.ask({ status: { availability: "busy" } });
    expect(second.model.self.availability).toBe("busy");
    await settled();
    expect(server.updates).toHaveLength(1);
    expect(first.model.self.availability).toBe("busy");
  });

  it("should not lose a follower's status with the leader", async () => {
    const first = await leader();
    const second = await openTab();
    first.fake.frozen = true;
    second.group.ask({ status: { availability: "busy" } });
    await loop.pass(4_000);
    server.last.hello();
    await settled();
    expect(second.group.isLeading).toBe(true);
    expect(server.updates).toHaveLength(1);
  });

  it("should sign all tabs out, and let none begin anew", async () => {
    const first = await leader();
    const second = await openTab();
    second.group.ask({ signOut: true });
    await loop.pass(10_000);
    expect(server.disconnects).toMatchObject([{ departure: Departure.SIGN_OUT }]);
    expect(first.model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
    expect(second.model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
    expect(server.streams).toHaveLength(1);

    await openTab(); // signs in again
    expect(server.last.open).toEqual({ sessionId: "", attempt: 1 });
  });

  it("should leave only this tab on close", async () => {
    const first = await leader();
    const second = await openTab();
    first.group.close();
    await settled();
    expect(first.model.state).toMatchObject({ kind: "offline", reason: "closed" });
    expect(second.model.state.kind).not.toBe("offline");
    expect(second.group.isLeading).toBe(true);
  });
});
