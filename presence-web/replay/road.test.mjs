import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Road } from "./road.mjs";

/** One that streams until it is stopped, and answers everything else at once. */
let server;
let base;
let streams;
let told;
let time;
let road;

beforeEach(async () => {
  streams = [];
  told = [];
  time = 1_000;
  server = createServer((request, response) => {
    request.resume();
    if (request.url.endsWith("/Subscribe")) {
      response.writeHead(200);
      response.write("hello");
      const closed = once(response, "close");
      streams.push({ response, closed, port: request.socket.remotePort });
    } else {
      response.writeHead(200, { "grpc-status": "0" }).end();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${server.address().port}`;
  road = new Road((event) => told.push(event), () => time, () => ({}));
});

afterEach(() => {
  road.close();
  server.closeAllConnections();
  server.close();
});

async function subscribe() {
  const controller = new AbortController();
  const response = await call("Subscribe", controller.signal);
  const reader = response.body.getReader();
  expect(Buffer.from((await reader.read()).value).toString()).toBe("hello");
  return { reader, controller };
}

function call(method, signal) {
  return road.fetch(`${base}/${method}`, { method: "POST", body: new Uint8Array(5), signal });
}

test("tells of what passes", async () => {
  await subscribe();
  await call("Heartbeat");
  await call("UpdateStatus");

  expect(told).toEqual(["open", "sent", "sent"]);
});

test.each(["stream", "connection"])("cuts a %s: both sides find it broken", async (how) => {
  const { reader } = await subscribe();
  road.cut(500, how);

  await expect(reader.read()).rejects.toThrow();
  await streams[0].closed;
  expect(told).toEqual(["open"]);
});

test("cuts silently: only the server finds the stream broken", async () => {
  const { reader, controller } = await subscribe();
  road.cut(Infinity, "silence");
  await streams[0].closed;

  const heard = reader.read().then(
    () => "something",
    (error) => error.name,
  );
  const nothing = new Promise((resolve) => setTimeout(resolve, 100, "nothing"));
  expect(await Promise.race([heard, nothing])).toBe("nothing");
  controller.abort(); // the library has given it up
  expect(await heard).toBe("AbortError");
  expect(told).toEqual(["open"]);
});

test("stays cut for as long as it should", async () => {
  const { reader } = await subscribe();
  road.cut(500, "stream");
  await expect(reader.read()).rejects.toThrow();

  time += 499;
  await expect(call("Disconnect")).rejects.toThrow(TypeError);
  await expect(call("Subscribe")).rejects.toThrow("fetch failed");
  time += 1;
  await subscribe();
  expect(told).toEqual(["open", "open"]);
});

test("leaves nothing of a cut connection to be used again", async () => {
  await call("Heartbeat");
  const { reader } = await subscribe();
  road.cut(0, "connection");
  await expect(reader.read()).rejects.toThrow();
  await subscribe();

  expect(streams[1].port).not.toBe(streams[0].port);
});

test("tells of an end that it has not made", async () => {
  const { reader } = await subscribe();
  streams[0].response.end();

  expect((await reader.read()).done).toBe(true);
  expect(told).toEqual(["open", "broke"]);
});

test("is quiet only when all answers are there", async () => {
  await subscribe();
  const answer = call("Heartbeat");
  time += 700;
  expect(road.quietFor).toBe(0);
  await answer;
  expect(road.quietFor).toBe(700);
});
