import { Agent, buildConnector, fetch, Response } from "undici";

const KEEP_ALIVE_MS = 20_000;

/**
 * One client's way to the servers, as the library sees it: a `fetch`. It can be cut, stays cut for
 * as long as it should, and tells what passes. Its connections are its own, as a browser's are.
 */
export class Road {
  #tell;
  #now;
  #statusOf;
  #agent;
  #sockets = new Set();
  #calls = new Set(); // what ends each call that is under way
  #stream; // the Subscribe that counts
  #closedUntil = 0;
  #cutAt;
  #leaving = false;
  #lastSent = 0;

  /**
   * @param tell is told of "open", "sent", "broke", "failed"
   * @param now milliseconds of the clock by which the road opens again
   * @param statusOf reads what an UpdateStatus says, out of its body
   */
  constructor(tell, now, statusOf) {
    this.#tell = tell;
    this.#now = now;
    this.#statusOf = statusOf;
    const connect = buildConnector({});
    this.#agent = new Agent({
      bodyTimeout: 0, // a stream may be silent
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: (options, callback) =>
        connect(options, (error, socket) => {
          if (socket) {
            this.#sockets.add(socket);
            socket.once("close", () => this.#sockets.delete(socket));
          }
          callback(error, socket);
        }),
    });
  }

  /** To be given to the library. */
  fetch = (input, init) => {
    if (this.#now() < this.#closedUntil) {
      return Promise.reject(new TypeError("fetch failed", { cause: new Error("no network") }));
    }
    const method = String(input).split("/").at(-1);
    this.#record(method, init.body);
    return method === "Subscribe" ? this.#subscribe(input, init) : this.#ask(method, input, init);
  };

  /** For how long nothing has been sent, in milliseconds; 0 while an answer is awaited. */
  get quietFor() {
    return this.#calls.size > (this.#stream ? 1 : 0) ? 0 : this.#now() - this.#lastSent;
  }

  /** From now on an end is no surprise. */
  leave() {
    this.#leaving = true;
  }

  /**
   * Cuts it. The library is not told: it finds its stream broken, and so does the server.
   *
   * @param away for how many milliseconds nothing gets through
   * @param how "connection": all connections are reset; "stream": the stream's alone is closed;
   *     "silence": as that, but the library hears nothing at all, as behind a dead radio
   */
  cut(away, how) {
    this.#cutAt = this.#now();
    this.#closedUntil = this.#cutAt + away;
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream) {
      stream.cut = how;
    }
    if (how === "connection") {
      for (const socket of this.#sockets) {
        socket.resetAndDestroy();
      }
    } else {
      for (const call of this.#calls) {
        call.abort(new TypeError("terminated"));
      }
    }
  }

  /** Frees what it holds. */
  close() {
    this.#leaving = true;
    this.#closedUntil = Infinity;
    void this.#agent.destroy();
  }

  #record(method, body) {
    this.#lastSent = this.#now();
    if (method === "Subscribe") {
      const away = this.#cutAt === undefined ? undefined : this.#lastSent - this.#cutAt;
      this.#cutAt = undefined;
      this.#tell("open", away === undefined ? {} : { awayMillis: Math.round(away) });
    } else if (method === "UpdateStatus") {
      this.#tell("sent", { status: this.#statusOf(body) });
    } else {
      this.#tell("sent", { heartbeat: method === "Heartbeat" });
    }
  }

  /** A unary call: its answer is read here, to see how it went. */
  async #ask(method, input, init) {
    const call = this.#begin(init.signal);
    try {
      const options = { ...init, signal: call.signal, dispatcher: this.#agent };
      const response = await fetch(input, options);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const status = grpcStatus(response, bytes);
      if (status !== "0" && !this.#leaving) {
        this.#tell("failed", { why: `${method}: HTTP ${response.status}, gRPC ${status}` });
      }
      return new Response(bytes, { status: response.status, headers: response.headers });
    } catch (cause) {
      if (!this.#leaving && this.#cutAt === undefined && !init.signal?.aborted) {
        this.#tell("failed", { why: `${method}: ${cause}` });
      }
      throw cause;
    } finally {
      this.#calls.delete(call);
    }
  }

  async #subscribe(input, init) {
    const call = this.#begin(init.signal);
    this.#stream = call;
    let response;
    try {
      const options = { ...init, signal: call.signal, dispatcher: this.#agent };
      response = await fetch(input, options);
    } catch (cause) {
      this.#ended(call, String(cause));
      if (call.cut === "silence") {
        await new Promise(() => {});
      }
      throw cause;
    }
    const reader = response.body.getReader();
    const body = new ReadableStream({
      start: (out) =>
        init.signal?.addEventListener("abort", () => out.error(init.signal.reason), { once: true }),
      pull: (out) => this.#pass(call, reader, out),
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  /** Passes the next piece of a stream on, or its end. */
  async #pass(call, reader, out) {
    try {
      const { done, value } = await reader.read();
      if (!done && !call.cut) {
        out.enqueue(value);
        return;
      }
      if (done) {
        this.#ended(call, "its end came");
        if (!call.cut) {
          out.close();
          return;
        }
      }
      throw new TypeError("terminated");
    } catch (cause) {
      this.#ended(call, String(cause));
      if (call.cut !== "silence") {
        out.error(cause);
      } // else the library waits, and finds out by itself
    }
  }

  #begin(signal) {
    const call = new AbortController();
    this.#calls.add(call);
    signal?.addEventListener("abort", () => call.abort(signal.reason), { once: true });
    return call;
  }

  #ended(call, why) {
    if (this.#calls.delete(call) && call === this.#stream) {
      this.#stream = undefined;
      if (!this.#leaving) {
        this.#tell("broke", { why });
      }
    }
  }
}

function grpcStatus(response, bytes) {
  const trailer = /grpc-status: *(\d+)/.exec(Buffer.from(bytes).toString("latin1"));
  return response.headers.get("grpc-status") ?? trailer?.[1] ?? "?";
}
