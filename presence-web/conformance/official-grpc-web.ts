import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type JsonValue,
  type MessageShape,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { GrpcWebClientBase, MethodDescriptor } from "grpc-web";
import {
  Departure,
  DisconnectRequestSchema,
  PresenceService,
  type ServerMessage,
  ServerMessageSchema,
  SubscribeRequestSchema,
} from "../src/gen/presence/v1/presence_pb.js";

/**
 * The API through the official client for gRPC-Web, as somebody calls it who has no library of ours. A test puts this
 * into a page of the edge's origin and drives it. In text format, since the binary one delivers a stream at its end.
 */
class OfficialGrpcWeb {
  /** What has come down the stream, as JSON. */
  readonly messages: JsonValue[] = [];
  /** How the stream ended: `end`, or the error. */
  readonly ends: string[] = [];

  readonly #client = new GrpcWebClientBase({ format: "text" });
  #metadata: Record<string, string> = {};
  #sessionId = "";

  subscribe(token: string): void {
    this.#metadata = { authorization: `Bearer ${token}` };
    const request = create(SubscribeRequestSchema, { open: { attempt: 1, device: "official" } });
    const method = PresenceService.method.subscribe;
    this.#client
      .serverStreaming(address(method), request, this.#metadata, descriptor(method))
      .on("data", (message) => this.#take(message))
      .on("error", ({ code, message }) => this.ends.push(`error ${code}: ${message}`))
      .on("end", () => this.ends.push("end"));
  }

  #take(message: ServerMessage): void {
    if (message.kind.case === "hello") {
      this.#sessionId = message.kind.value.sessionId;
    }
    this.messages.push(toJson(ServerMessageSchema, message));
  }

  /** Leaves for good, by a call of its own. */
  async signOut(): Promise<void> {
    const request = create(DisconnectRequestSchema, {
      sessionId: this.#sessionId,
      attempt: 1,
      departure: Departure.SIGN_OUT,
    });
    const method = PresenceService.method.disconnect;
    await this.#client.unaryCall(address(method), request, this.#metadata, descriptor(method));
  }
}

function address(method: DescMethod): string {
  return `${location.origin}/${method.parent.typeName}/${method.name}`;
}

/** What the official generator would write for a method. */
function descriptor<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { input: I; output: O },
): MethodDescriptor<MessageShape<I>, MessageShape<O>> {
  return new MethodDescriptor<MessageShape<I>, MessageShape<O>>(
    `/${method.parent.typeName}/${method.name}`,
    method.methodKind,
    Object as never, // the classes, which the client never uses
    Object as never,
    (request: MessageShape<I>) => toBinary(method.input, request),
    (bytes: Uint8Array) => fromBinary(method.output, bytes),
  );
}

Object.assign(globalThis, { officialGrpcWeb: new OfficialGrpcWeb() });
