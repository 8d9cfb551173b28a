import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type CallOptions as ConnectOptions, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { PresenceError } from "../errors.js";
import { DisconnectRequestSchema, PresenceService } from "../gen/presence/v1/presence_pb.js";
import { type Person, personOf } from "../presence.js";
import type { CallOptions, SessionTransport, StreamEvents } from "./transport.js";

const UNARY_TIMEOUT = 10_000;
const LONGEST_PAGE = 1_000;
const ROUTE_HEADER = "x-presence-route";
const FRAME_HEADER_BYTES = 5;

/** One page of people. */
export interface PeoplePage {
  /** The people, in the order of the call. */
  readonly people: readonly Person[];
  /** Asks for the next page; undefined after the last one. */
  readonly nextPageToken?: string | undefined;
}

/** The calls over gRPC-Web. */
export class ConnectTransport implements SessionTransport {
  readonly #baseUrl: string;
  readonly #fetch: typeof fetch;
  readonly #client;

  constructor(baseUrl: string, fetchFunction: typeof fetch) {
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#fetch = fetchFunction;
    this.#client = createClient(
      PresenceService,
      createGrpcWebTransport({ baseUrl: this.#baseUrl, fetch: fetchFunction }),
    );
  }

  subscribe(
    token: string,
    request: Parameters<SessionTransport["subscribe"]>[1],
    events: StreamEvents,
  ): { abort(): void } {
    const controller = new AbortController();
    void this.#read(token, request, events, controller);
    return { abort: () => controller.abort() };
  }

  async #read(
    token: string,
    request: Parameters<SessionTransport["subscribe"]>[1],
    events: StreamEvents,
    controller: AbortController,
  ): Promise<void> {
    const { signal } = controller;
    let failure: PresenceError | undefined;
    try {
      const stream = this.#client.subscribe(request, {
        headers: { authorization: `Bearer ${token}` },
        signal,
        timeoutMs: 0, // as long as it lives
      });
      for await (const message of stream) {
        if (signal.aborted) {
          return;
        }
        events.onMessage(message);
      }
    } catch (cause) {
      failure = PresenceError.from(cause);
    } finally {
      const wanted = signal.aborted;
      controller.abort(); // or a stream that is not read to its end stays open at the server
      if (!wanted) {
        events.onEnd(failure);
      }
    }
  }

  async heartbeat(
    request: Parameters<SessionTransport["heartbeat"]>[0],
    options: CallOptions,
  ): Promise<void> {
    await ours(this.#client.heartbeat(request, unary(options)));
  }

  async updateStatus(
    request: Parameters<SessionTransport["updateStatus"]>[0],
    options: CallOptions,
  ): Promise<void> {
    await ours(this.#client.updateStatus(request, unary(options)));
  }

  async disconnect(
    request: Parameters<SessionTransport["disconnect"]>[0],
    options: CallOptions,
  ): Promise<void> {
    await ours(this.#client.disconnect(request, unary(options)));
  }

  /**
   * Disconnect as the last deed of a page: the request is on its way when this returns, and outlives
   * the page. Nobody waits for its answer.
   */
  disconnectAndForget(
    request: MessageInitShape<typeof DisconnectRequestSchema>,
    { token, route }: CallOptions,
  ): void {
    const message = toBinary(DisconnectRequestSchema, create(DisconnectRequestSchema, request));
    const body = new Uint8Array(FRAME_HEADER_BYTES + message.length);
    new DataView(body.buffer).setUint32(1, message.length);
    body.set(message, FRAME_HEADER_BYTES);
    const { name, parent } = PresenceService.method.disconnect;
    const sent = this.#fetch(`${this.#baseUrl}/${parent.typeName}/${name}`, {
      method: "POST",
      keepalive: true,
      headers: {
        "content-type": "application/grpc-web+proto",
        "x-grpc-web": "1",
        authorization: `Bearer ${token}`,
        ...(route !== "" && { [ROUTE_HEADER]: route }),
      },
      body,
    });
    sent.then(
      (response) => response.body?.cancel(),
      () => {}, // Then the heartbeats that are missing say it.
    );
  }

  /** One page of the user's contacts. */
  async listContacts(token: string, pageToken: string): Promise<PeoplePage> {
    const { contacts, nextPageToken } = await ours(
      this.#client.listContacts(
        { pageToken, pageSize: LONGEST_PAGE },
        unary({ token, route: "" }),
      ),
    );
    return { people: contacts.map(personOf), nextPageToken: nextPageToken || undefined };
  }

  /** One page of the directory. */
  async listUsers(token: string, pageToken: string, pageSize: number): Promise<PeoplePage> {
    const { users, nextPageToken } = await ours(
      this.#client.listUsers({ pageToken, pageSize }, unary({ token, route: "" })),
    );
    return { people: users.map(personOf), nextPageToken: nextPageToken || undefined };
  }
}

function unary({ token, route, signal }: CallOptions): ConnectOptions {
  return {
    headers: { authorization: `Bearer ${token}`, ...(route !== "" && { [ROUTE_HEADER]: route }) },
    timeoutMs: UNARY_TIMEOUT,
    ...(signal && { signal }),
  };
}

async function ours<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw PresenceError.from(cause);
  }
}
