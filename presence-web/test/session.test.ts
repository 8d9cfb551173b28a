import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { Activity, Departure } from "../src/gen/presence/v1/presence_pb.js";
import { Tokens } from "../src/session/tokens.js";
import { settled } from "./fakes.js";
import { live, loop, machine, model, server, tickets, tokensAsked } from "./session-story.js";

describe("opening", () => {
  it("should be live with the first hello, and tell the session", async () => {
    await live();
    expect(server.last.open).toEqual({ sessionId: "", attempt: 1 });
    expect(model.state.kind).toBe("live");
    expect(model.session).toMatchObject({ sessionId: "s1", attempt: 1, resumed: false, node: "n1" });
  });

  it("should carry a session on from its ticket, and write each attempt before it goes out", async () => {
    const ticket = { sessionId: "s1", attempt: 4, wish: { activity: "away" } } as const;
    const session = machine({ ticket });
    session.start();
    await settled();
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 5 });
    expect(server.last.request.open?.activity).toBe(Activity.AWAY);
    expect(tickets.at(-1)).toMatchObject({ sessionId: "s1", attempt: 5 });
    server.last.hello();
    expect(model.session?.resumed).toBe(true);
  });

  it("should take a path without hello for dead after 3 s, and after 1.5 s within grace", async () => {
    loop.chance = 1;
    machine().start();
    await loop.pass(2_999);
    expect(server.streams[0]?.aborted).toBe(false);
    await loop.pass(1);
    expect(server.streams[0]?.aborted).toBe(true);
    expect(server.streams).toHaveLength(2);

    server.last.hello();
    server.last.fail("Unavailable");
    await loop.pass(2_000);
    expect(server.streams).toHaveLength(3);
    await loop.pass(1_499);
    expect(server.last.aborted).toBe(false);
    await loop.pass(1);
    expect(server.streams[2]?.aborted).toBe(true);
  });
});

describe("signs of life", () => {
  it("should answer a ping at once, along its route", async () => {
    await live();
    server.last.hello(); // a second hello says nothing
    server.last.ping(7n);
    await settled();
    expect(server.heartbeats).toMatchObject([
      { sessionId: "s1", attempt: 1, sequence: 7n, hidden: false, route: "", token: "token 1" },
    ]);

    server.last.fail("Unknown");
    await loop.pass(1_000);
    server.last.hello({ route: "n2" });
    server.last.ping(8n);
    await settled();
    expect(server.heartbeats.at(-1)).toMatchObject({ attempt: 2, sequence: 8n, route: "n2" });
  });

  it("should say at once that the page is hidden, and seen again", async () => {
    const session = await live();
    session.setHidden(true);
    await settled();
    expect(server.heartbeats).toMatchObject([{ sequence: 0n, hidden: true }]);
    session.setHidden(true);
    session.setHidden(false);
    await settled();
    expect(server.heartbeats).toHaveLength(2);
    expect(server.heartbeats[1]).toMatchObject({ hidden: false });
  });

  it("should say on opening that it is hidden", async () => {
    const session = machine();
    session.setHidden(true);
    session.start();
    await settled();
    expect(server.last.request.hidden).toBe(true);
    server.last.hello();
    await settled();
    expect(server.heartbeats).toHaveLength(0);
  });

  it("should stay on a stream that speaks, and leave one that is silent for 12 s", async () => {
    await live();
    for (let i = 0; i < 5; i++) {
      await loop.pass(8_000);
      server.last.ping();
    }
    expect(server.streams).toHaveLength(1);
    const first = server.last;
    await loop.pass(11_999);
    expect(first.aborted).toBe(false);
    await loop.pass(1);
    expect(first.aborted).toBe(true);
    expect(model.state).toMatchObject({ kind: "connecting", again: true });
    await loop.pass(1_000);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should not wait for a stream that the page slept through", async () => {
    const session = await live();
    loop.sleep(9_000);
    session.wake();
    expect(server.last.aborted).toBe(false);
    loop.sleep(60_000);
    session.wake();
    await loop.pass(0);
    expect(server.streams).toHaveLength(2);
    expect(server.last.open.attempt).toBe(2);
  });

  it("should try at once when the network is back", async () => {
    const session = await live();
    loop.chance = 0.9;
    for (let i = 0; i < 12; i++) {
      server.last.fail("Unavailable");
      await loop.pass(30_000);
      server.last.aborted = true;
    }
    server.last.fail("Unavailable");
    const before = server.streams.length;
    await loop.pass(1_000);
    expect(server.streams).toHaveLength(before);
    session.wake();
    await loop.pass(0);
    expect(server.streams).toHaveLength(before + 1);
  });

  it.each([
    ["SESSION_NOT_FOUND", "NotFound", { sessionId: "", attempt: 1 }],
    ["SESSION_SUSPENDED", "FailedPrecondition", { sessionId: "s1", attempt: 2 }],
    ["SESSION_REPLACED", "FailedPrecondition", { sessionId: "s1", attempt: 2 }],
  ] as const)("should subscribe anew after %s", async (reason, code, open) => {
    await live();
    server.refuse(code, reason);
    server.last.ping();
    await loop.pass(1_000);
    expect(server.streams[0]?.aborted).toBe(true);
    expect(server.last.open).toEqual(open);
  });

  it("should leave it to the stream when a heartbeat fails otherwise", async () => {
    await live();
    server.refuse("Unavailable", "OWNER_UNREACHABLE");
    server.last.ping();
    await loop.pass(5_000);
    expect(server.streams).toHaveLength(1);
    expect(model.state.kind).toBe("live");
  });

  it("should repeat a heartbeat whose token was refused, with a new one", async () => {
    await live();
    server.refuse("Unauthenticated", "TOKEN_EXPIRED");
    server.last.ping();
    await settled();
    expect(server.heartbeats.map(({ token }) => token)).toEqual(["token 1", "token 2"]);
    expect(tokensAsked).toEqual([false, true]);
    expect(model.state.kind).toBe("live");
  });
});

describe("reconnecting", () => {
  it("should try within 1 s, then at most 2 s apart for 10 s, then spare the servers", async () => {
    loop.chance = 0.999;
    await live();
    await loop.pass(10_000);
    server.last.fail("Unavailable");
    const lost = loop.now();
    const tries: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = server.streams.length;
      while (server.streams.length === before) {
        await loop.pass(100);
      }
      tries.push(loop.now() - lost);
      server.last.fail("Unavailable");
    }
    const gaps = tries.map((at, i) => at - (tries[i - 1] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(1_000);
    expect(tries.filter((at) => at < 10_000).length).toBeGreaterThanOrEqual(5);
    expect(gaps.slice(1, 5).every((gap) => gap <= 2_100)).toBe(true);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_100);
    expect(gaps.at(-1)).toBeGreaterThan(20_000);
  });

  it("should be back within grace though servers restart one after the other", async () => {
    loop.chance = 1;
    await live();
    await loop.pass(10_000);
    for (let restart = 1; restart <= 6; restart++) {
      server.last.fail("Unavailable");
      await loop.pass(1_000);
      expect(server.streams).toHaveLength(1 + restart);
      server.last.hello();
      await loop.pass(9_000);
    }
  });

  it("should try closely for 10 s from the latest loss", async () => {
    loop.chance = 1;
    await live();
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    server.last.hello();
    await loop.pass(8_000);
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    for (let tries = 3; tries <= 6; tries++) {
      expect(server.streams).toHaveLength(tries);
      server.last.fail("Unavailable");
      await loop.pass(2_000);
    }
  });

  it("should spare a server that takes it and drops it again", async () => {
    loop.chance = 1;
    await live();
    const lost = loop.now();
    const tries: number[] = [];
    for (let i = 0; i < 10; i++) {
      const before = server.streams.length;
      server.last.fail("Unavailable");
      while (server.streams.length === before) {
        await loop.pass(100);
      }
      tries.push(loop.now() - lost);
      server.last.hello();
    }
    const gaps = tries.map((at, i) => at - (tries[i - 1] ?? 0));
    expect(gaps).toEqual([...Array<number>(5).fill(1_000), 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("should hurry again once it has left a stream that lived 3 s", async () => {
    loop.chance = 1;
    await live();
    for (let young = 1; young <= 5; young++) {
      server.last.fail("Unavailable");
      await loop.pass(1_000);
      server.last.hello();
    }
    await loop.pass(3_000);
    server.last.send({ case: "drain", value: { reconnectWithin: durationFromMs(0) } });
    await loop.pass(0);
    server.last.hello();
    server.last.fail("Unavailable");
    await loop.pass(1_000);
    expect(server.streams).toHaveLength(8);
  });

  it.each(["Unknown", "Unavailable", "Internal", "DeadlineExceeded", "ResourceExhausted", "Aborted", "Canceled"] as const)(
    "should reconnect after %s",
    async (code) => {
      await live();
      server.last.fail(code);
      await loop.pass(1_000);
      expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    },
  );

  it("should reconnect after a clean end", async () => {
    await live();
    server.last.end();
    await loop.pass(1_000);
    expect(server.last.open.attempt).toBe(2);
  });

  it.each([
    ["PermissionDenied", "permission-denied"],
    ["InvalidArgument", "rejected"],
    ["FailedPrecondition", "rejected"],
  ] as const)("should give up after %s", async (code, reason) => {
    await live();
    server.last.fail(code);
    await loop.pass(60_000);
    expect(server.streams).toHaveLength(1);
    expect(model.state).toMatchObject({ kind: "offline", reason });
  });

  it("should ask for a new token once, then report", async () => {
    machine().start();
    await settled();
    server.last.fail("Unauthenticated", "TOKEN_EXPIRED");
    await loop.pass(0);
    expect(server.last.token).toBe("token 2");
    expect(tokensAsked).toEqual([false, true]);
    server.last.fail("Unauthenticated", "TOKEN_INVALID");
    await loop.pass(60_000);
    expect(server.streams).toHaveLength(2);
    expect(model.state).toMatchObject({ kind: "offline", reason: "unauthenticated" });
  });

  it("should keep trying while the app has no token", async () => {
    let asked = 0;
    const tokens = new Tokens(loop, () => {
      if (++asked < 3) {
        throw new Error("no network");
      }
      return "at last";
    });
    machine({ tokens }).start();
    await loop.pass(10_000);
    expect(server.streams[0]?.token).toBe("at last");
  });
});

describe("leaving", () => {
  it("should sign out for good, and forget the session", async () => {
    const session = await live();
    const confirmed = session.signOut();
    await settled();
    expect(await confirmed).toBe(true);
    expect(server.disconnects).toMatchObject([
      { sessionId: "s1", attempt: 1, departure: Departure.SIGN_OUT },
    ]);
    expect(model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
    expect(tickets.at(-1)).toMatchObject({ sessionId: "", attempt: 0 });
    expect(server.last.aborted).toBe(true);
  });

  it("should say that nobody has confirmed it", async () => {
    const session = await live();
    server.refuse("Unavailable");
    const confirmed = session.signOut();
    await loop.pass(10_000);
    expect(await confirmed).toBe(false);
    expect(server.disconnects.length).toBeGreaterThan(3);
    expect(model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
  });

  it("should sign out of the session that a stream begins in place of the one it asked for", async () => {
    const session = await live();
    server.last.events.onEnd(undefined);
    await loop.pass(1_000);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    const confirmed = session.signOut();
    await settled();
    expect(server.disconnects).toMatchObject([{ sessionId: "s1", attempt: 2 }]);
    server.last.hello({ sessionId: "s2", resumed: false });
    await settled();
    expect(await confirmed).toBe(true);
    expect(server.disconnects.at(1)).toMatchObject({ sessionId: "s2", attempt: 2 });
    expect(model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
  });

  it("should sign out of a session whose first hello is on its way", async () => {
    const session = machine();
    session.start();
    await settled();
    const confirmed = session.signOut();
    await settled();
    expect(server.disconnects).toHaveLength(0);
    server.last.hello();
    await settled();
    expect(await confirmed).toBe(true);
    expect(server.disconnects).toMatchObject([{ sessionId: "s1", attempt: 1 }]);
  });

  it("should not wait for a stream that is never answered for longer than it may", async () => {
    const session = machine();
    session.start();
    await settled();
    const confirmed = session.signOut();
    await loop.pass(3_000);
    expect(await confirmed).toBe(false);
    expect(model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
  });
});
