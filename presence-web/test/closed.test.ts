import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { PresenceError } from "../src/errors.js";
import { CloseReason, PresenceState, ReconnectAdvice } from "../src/gen/presence/v1/presence_pb.js";
import { settled } from "./fakes.js";
import { live, loop, machine, model, server } from "./session-story.js";

const { ONLINE, AWAY } = PresenceState;

describe("closed by the server", () => {
  const closed = (reason: CloseReason, advice: ReconnectAdvice, retryAfter?: number) =>
    server.last.send({
      case: "closed",
      value: { reason, advice, ...(retryAfter && { retryAfter: durationFromMs(retryAfter) }) },
    });

  it("should stop when told to", async () => {
    await live();
    closed(CloseReason.SIGNED_OUT, ReconnectAdvice.STOP);
    await loop.pass(60_000);
    expect(server.streams).toHaveLength(1);
    expect(model.state).toMatchObject({ kind: "offline", reason: "signed-out" });
  });

  it("should reconnect, but no sooner than it may", async () => {
    await live();
    closed(CloseReason.DRAINING, ReconnectAdvice.RECONNECT_ELSEWHERE, 5_000);
    await loop.pass(4_999);
    expect(server.streams).toHaveLength(1);
    await loop.pass(1);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should not come back to an overloaded server before its turn", async () => {
    await live();
    server.last.fail("ResourceExhausted", "OVERLOADED", 6_000);
    await loop.pass(5_999);
    expect(server.streams).toHaveLength(1);
    await loop.pass(1);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
  });

  it("should read from the error when its turn is", () => {
    const delay = new BinaryWriter().tag(1, WireType.Varint).int64(2).tag(2, WireType.Varint);
    delay.int32(500_000_000);
    const info = new BinaryWriter().tag(1, WireType.LengthDelimited).string("OVERLOADED");
    const retry = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(delay.finish());
    const error = new ConnectError("busy", Code.ResourceExhausted);
    error.details = [
      { type: "google.rpc.ErrorInfo", value: info.finish() },
      { type: "google.rpc.RetryInfo", value: retry.finish() },
    ];
    expect(PresenceError.from(error)).toMatchObject({
      code: "ResourceExhausted",
      reason: "OVERLOADED",
      retryAfter: 2_500,
    });
    error.details = [{ type: "google.rpc.RetryInfo", value: new Uint8Array([10, 99]) }];
    expect(PresenceError.from(error)).toMatchObject({ reason: "", retryAfter: 0 });
  });

  it("should come back with a new token", async () => {
    await live();
    closed(CloseReason.UNAUTHENTICATED, ReconnectAdvice.NEW_TOKEN);
    await loop.pass(0);
    expect(server.last.token).toBe("token 2");
  });

  it("should treat an advice of a later release like reconnect", async () => {
    await live();
    closed(99 as CloseReason, 99 as ReconnectAdvice);
    await loop.pass(1_000);
    expect(server.streams).toHaveLength(2);
  });

  it("should stop when somebody else took the session over", async () => {
    await live();
    closed(CloseReason.REPLACED, ReconnectAdvice.STOP);
    await loop.pass(60_000);
    expect(server.streams).toHaveLength(1);
    expect(model.state).toMatchObject({ kind: "offline", reason: "replaced" });
  });

  it("should try a higher attempt when its newest Open was never answered", async () => {
    machine({ ticket: { sessionId: "s1", attempt: 2, wish: { activity: "active" } } }).start();
    await settled();
    closed(CloseReason.REPLACED, ReconnectAdvice.STOP);
    await loop.pass(2_000);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 4 });
    server.last.hello();
    expect(model.state.kind).toBe("live");
  });

  it("should begin a session of its own where the tabs decide who has the shared one", async () => {
    await live({ surviveTakeover: true });
    closed(CloseReason.REPLACED, ReconnectAdvice.STOP);
    await loop.pass(1_999);
    expect(server.streams).toHaveLength(1);
    await loop.pass(1);
    expect(server.last.open).toEqual({ sessionId: "", attempt: 1 });
  });
});

describe("draining", () => {
  it("should open the new stream before it leaves the old one", async () => {
    await live();
    const old = server.last;
    old.snapshot({ ada: ONLINE });
    old.send({ case: "drain", value: { reconnectWithin: durationFromMs(10_000) } });
    await loop.pass(4_999);
    expect(server.streams).toHaveLength(1);
    await loop.pass(1);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 2 });
    expect(old.aborted).toBe(false);
    old.send({ case: "changes", value: { presences: [{ userId: "ada", state: AWAY }] } });
    expect(model.friends.get("ada")?.state).toBe("away");
    server.last.hello();
    expect(old.aborted).toBe(true);
    expect(model.state.kind).toBe("live");
  });

  it("should stay on the old stream until its turn at the next server comes", async () => {
    await live();
    const old = server.last;
    old.send({ case: "drain", value: {} });
    await loop.pass(0);
    server.last.fail("ResourceExhausted", "OVERLOADED", 4_000);
    await loop.pass(3_999);
    expect(server.streams).toHaveLength(2);
    expect(old.aborted).toBe(false);
    expect(model.state.kind).toBe("live");
    await loop.pass(1);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 3 });
    server.last.hello();
    expect(old.aborted).toBe(true);
  });

  it("should go on when the old stream was replaced by a new one that was lost before hello", async () => {
    await live();
    const old = server.last;
    old.send({ case: "drain", value: {} });
    await loop.pass(0);
    server.last.fail("Unavailable", "CUT"); // a server has taken it, but its word is lost
    old.send({ case: "closed", value: { reason: CloseReason.REPLACED, advice: ReconnectAdvice.STOP } });
    await loop.pass(1_250);
    expect(server.last.open).toEqual({ sessionId: "s1", attempt: 3 });
    server.last.hello();
    expect(model.state.kind).toBe("live");
  });

  it("should take it well when the old stream ends first", async () => {
    await live();
    const old = server.last;
    old.send({ case: "drain", value: {} });
    await loop.pass(0);
    old.send({ case: "closed", value: { reason: CloseReason.REPLACED, advice: ReconnectAdvice.STOP } });
    expect(model.state.kind).toBe("live");
    server.last.hello();
    server.last.ping(3n);
    await settled();
    expect(server.heartbeats.at(-1)).toMatchObject({ attempt: 2, sequence: 3n });
    expect(server.streams).toHaveLength(2);
  });
});
