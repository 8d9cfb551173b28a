import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Availability, Departure, PresenceState } from "../src/gen/presence/v1/presence_pb.js";
import { createPresence, type PresenceClient, PresenceError } from "../src/index.js";
import { type HttpStream, HttpServers } from "./http-servers.js";

const { ONLINE } = PresenceState;

let servers: HttpServers;
let baseUrl: string;
let presence: PresenceClient | undefined;

beforeEach(async () => {
  servers = new HttpServers();
  servers.onStream = (stream) => {
    stream.send({
      case: "hello",
      value: {
        sessionId: "s1",
        resumed: stream.request.open?.sessionId === "s1",
        heartbeatInterval: durationFromMs(8_000),
        gracePeriod: durationFromMs(10_000),
        serverTime: timestampFromMs(Date.now() + 3_600_000),
        route: "n1:9101",
        node: "n1",
        availability: Availability.AVAILABLE,
      },
    });
    stream.send({
      case: "snapshot",
      value: {
        presences: [{ userId: "ada", state: ONLINE }],
        complete: true,
        lastSeenComplete: true,
      },
    });
  };
  baseUrl = await servers.start();
});

afterEach(() => {
  presence?.close();
  servers.stop();
});

function connect(): PresenceClient {
  presence = createPresence({ baseUrl, token: () => "secret" });
  return presence;
}

async function until<T>(look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 5_000;
  for (;;) {
    const found = look();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited too long for ${look}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function liveStream(client: PresenceClient): Promise<HttpStream> {
  await until(() => client.friends.ready);
  return until(() => servers.streams.at(-1));
}

describe("over HTTP, under Node", () => {
  it("should be live, know the friends and the servers' clock", async () => {
    const client = connect();
    const stream = await liveStream(client);
    expect(stream.headers.authorization).toBe("Bearer secret");
    expect(stream.headers["x-presence-route"]).toBeUndefined();
    expect(stream.request.open).toMatchObject({ device: "web", attempt: 1, sessionId: "" });
    expect(client.state.kind).toBe("live");
    expect(client.friends.get("ada")?.state).toBe("online");
    expect(client.self.availability).toBe("available");
    expect(client.session).toMatchObject({ sessionId: "s1", node: "n1", attempt: 1 });
    expect(Math.abs(client.now().getTime() - Date.now() - 3_600_000)).toBeLessThan(1_000);
  });

  it("should answer a ping along its route", async () => {
    const stream = await liveStream(connect());
    stream.send({ case: "ping", value: { sequence: 42n } });
    const beat = await until(() => servers.heartbeats[0]);
    expect(beat).toMatchObject({ sessionId: "s1", attempt: 1, sequence: 42n, hidden: false });
    expect(servers.headers.at(-1)?.["x-presence-route"]).toBe("n1:9101");
  });

  it("should read the reason of an error, and subscribe anew", async () => {
    const client = connect();
    const stream = await liveStream(client);
    servers.failure = { status: 5, reason: "SESSION_NOT_FOUND" };
    stream.send({ case: "ping", value: { sequence: 1n } });
    await stream.gone;
    await until(() => servers.streams.length === 2);
    expect(servers.streams[1]?.request.open).toMatchObject({ sessionId: "", attempt: 1 });
    const error: unknown = await client.users().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(PresenceError);
    expect(error).toMatchObject({ code: "NotFound", reason: "SESSION_NOT_FOUND" });
  });

  it("should resume after a clean end", async () => {
    const client = connect();
    (await liveStream(client)).end();
    await until(() => servers.streams.length === 2);
    expect(servers.streams[1]?.request.open).toMatchObject({ sessionId: "s1", attempt: 2 });
    await until(() => client.session?.resumed);
  });

  it("should end the stream at the server, and say that it leaves, on close", async () => {
    const client = connect();
    const stream = await liveStream(client);
    client.close();
    await stream.gone;
    const word = await until(() => servers.disconnects[0]);
    expect(word).toMatchObject({ sessionId: "s1", attempt: 1, departure: Departure.LEAVING });
    expect(client.state).toMatchObject({ kind: "offline", reason: "closed" });
  });

  it("should sign out", async () => {
    const client = connect();
    await liveStream(client);
    expect(await client.signOut()).toBe(true);
    expect(servers.disconnects).toMatchObject([{ departure: Departure.SIGN_OUT }]);
    expect(client.state).toMatchObject({ kind: "offline", reason: "signed-out" });
  });

  it("should set the status", async () => {
    const client = connect();
    await liveStream(client);
    client.setStatus({ availability: "busy" });
    const update = await until(() => servers.updates[0]);
    expect(update.status?.availability).toBe(Availability.BUSY);
    expect(client.self.availability).toBe("busy");
  });

  it("should page through contacts and users", async () => {
    for (const userId of ["ada", "bob", "cy"]) {
      servers.users.push({ name: userId.toUpperCase(), presence: { userId, state: ONLINE } });
    }
    const client = connect();
    expect((await client.contacts()).map(({ name }) => name)).toEqual(["ADA", "BOB", "CY"]);
    const first = await client.users(undefined, 2);
    expect(first.people).toHaveLength(2);
    const second = await client.users(first.nextPageToken, 2);
    expect(second).toMatchObject({ people: [{ userId: "cy" }], nextPageToken: undefined });
  });
});
