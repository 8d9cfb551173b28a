import { create, type DescMessage, fromBinary, type MessageInitShape, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type HeartbeatRequest,
  HeartbeatRequestSchema,
  HeartbeatResponseSchema,
  type DisconnectRequest,
  DisconnectRequestSchema,
  DisconnectResponseSchema,
  ListContactsRequestSchema,
  ListContactsResponseSchema,
  ListUsersRequestSchema,
  ListUsersResponseSchema,
  ServerMessageSchema,
  type SubscribeRequest,
  SubscribeRequestSchema,
  type UpdateStatusRequest,
  UpdateStatusRequestSchema,
  UpdateStatusResponseSchema,
} from "../src/gen/presence/v1/presence_pb.js";

type Contact = NonNullable<MessageInitShape<typeof ListUsersResponseSchema>["users"]>[number];

/** One stream, as it comes over HTTP. */
export interface HttpStream {
  readonly request: SubscribeRequest;
  readonly headers: IncomingMessage["headers"];
  /** Set when the client has gone. */
  readonly gone: Promise<void>;
  send(kind: NonNullable<MessageInitShape<typeof ServerMessageSchema>["kind"]>): void;
  end(): void;
}

/** Speaks just enough gRPC-Web to be taken for the servers. */
export class HttpServers {
  readonly heartbeats: HeartbeatRequest[] = [];
  readonly updates: UpdateStatusRequest[] = [];
  readonly disconnects: DisconnectRequest[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  readonly streams: HttpStream[] = [];
  readonly users: Contact[] = [];
  /** Unary calls end with this. */
  failure: { status: number; reason: string } | undefined;
  /** Takes what is not a call. */
  files: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.writeHead(404).end();
  };
  onStream: (stream: HttpStream) => void = () => {};
  #server: Server | undefined;

  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = /^\/presence\.v1\.PresenceService\/(\w+)$/.exec(request.url ?? "")?.[1];
    if (!method) {
      this.files(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const bytes = new Uint8Array(Buffer.concat(chunks).subarray(5));
    response.writeHead(200, { "content-type": "application/grpc-web+proto" });
    this.headers.push(request.headers);
    switch (method) {
      case "Subscribe":
        this.#subscribe(fromBinary(SubscribeRequestSchema, bytes), request, response);
        break;
      case "Heartbeat":
        this.heartbeats.push(fromBinary(HeartbeatRequestSchema, bytes));
        this.#answer(response, HeartbeatResponseSchema, {});
        break;
      case "UpdateStatus":
        this.updates.push(fromBinary(UpdateStatusRequestSchema, bytes));
        this.#answer(response, UpdateStatusResponseSchema, {});
        break;
      case "Disconnect":
        this.disconnects.push(fromBinary(DisconnectRequestSchema, bytes));
        this.#answer(response, DisconnectResponseSchema, {});
        break;
      case "ListContacts": {
        const { pageToken } = fromBinary(ListContactsRequestSchema, bytes);
        const half = Math.ceil(this.users.length / 2);
        this.#answer(response, ListContactsResponseSchema, {
          contacts: pageToken === "" ? this.users.slice(0, half) : this.users.slice(half),
          nextPageToken: pageToken === "" ? "half" : "",
        });
        break;
      }
      case "ListUsers": {
        const { pageSize, pageToken } = fromBinary(ListUsersRequestSchema, bytes);
        const from = Number(pageToken);
        const next = from + pageSize;
        this.#answer(response, ListUsersResponseSchema, {
          users: this.users.slice(from, next),
          nextPageToken: next < this.users.length ? String(next) : "",
        });
        break;
      }
      default:
        response.end(trailer(12, ""));
    }
  }

  #subscribe(request: SubscribeRequest, http: IncomingMessage, response: ServerResponse): void {
    const stream: HttpStream = {
      request,
      headers: http.headers,
      gone: new Promise((resolve) => response.on("close", resolve)),
      send: (kind) =>
        void response.write(
          frame(0, toBinary(ServerMessageSchema, create(ServerMessageSchema, { kind }))),
        ),
      end: () => void response.end(trailer(0, "")),
    };
    this.streams.push(stream);
    this.onStream(stream);
  }

  #answer<D extends DescMessage>(
    response: ServerResponse,
    schema: D,
    message: MessageInitShape<D>,
  ): void {
    if (this.failure) {
      response.end(trailer(this.failure.status, this.failure.reason));
    } else {
      const whole: MessageShape<D> = create(schema, message);
      response.write(frame(0, toBinary(schema, whole)));
      response.end(trailer(0, ""));
    }
  }
}

function frame(flags: number, payload: Uint8Array): Uint8Array {
  const whole = new Uint8Array(5 + payload.length);
  whole[0] = flags;
  new DataView(whole.buffer).setUint32(1, payload.length);
  whole.set(payload, 5);
  return whole;
}

/** The status, with its reason in the details if it has one. */
function trailer(status: number, reason: string): Uint8Array {
  let text = `grpc-status: ${status}\r\n`;
  if (reason !== "") {
    const info = new BinaryWriter();
    info.tag(1, 2).string(reason).tag(2, 2).string("presence");
    const any = new BinaryWriter();
    any.tag(1, 2).string("type.googleapis.com/google.rpc.ErrorInfo").tag(2, 2).bytes(info.finish());
    const all = new BinaryWriter();
    all.tag(1, 0).int32(status).tag(2, 2).string("said so").tag(3, 2).bytes(any.finish());
    text += `grpc-message: said so\r\ngrpc-status-details-bin: ${Buffer.from(all.finish()).toString("base64")}\r\n`;
  }
  return frame(0x80, new TextEncoder().encode(text));
}
