import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PresenceError } from "../errors.js";
import type {
  DisconnectRequestSchema,
  HeartbeatRequestSchema,
  ServerMessage,
  SubscribeRequestSchema,
  UpdateStatusRequestSchema,
} from "../gen/presence/v1/presence_pb.js";

/** Hears what a stream brings. Nothing is heard after `onEnd`, nor after an abort. */
export interface StreamEvents {
  /** A message arrived. */
  onMessage(message: ServerMessage): void;
  /** The stream is over; without an error it ended with OK. */
  onEnd(error?: PresenceError): void;
}

/** What a unary call of a session carries besides its request. */
export interface CallOptions {
  /** The user's token. */
  readonly token: string;
  /** Hello.route; empty for none. */
  readonly route: string;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
}

/** The calls of one session. Unary calls reject with a {@link PresenceError}. */
export interface SessionTransport {
  /** Opens a stream, which ends for the server as soon as it is aborted. */
  subscribe(
    token: string,
    request: MessageInitShape<typeof SubscribeRequestSchema>,
    events: StreamEvents,
  ): { abort(): void };
  /** Gives a sign of life. */
  heartbeat(
    request: MessageInitShape<typeof HeartbeatRequestSchema>,
    options: CallOptions,
  ): Promise<void>;
  /** Changes the status. */
  updateStatus(
    request: MessageInitShape<typeof UpdateStatusRequestSchema>,
    options: CallOptions,
  ): Promise<void>;
  /** Says good-bye. */
  disconnect(
    request: MessageInitShape<typeof DisconnectRequestSchema>,
    options: CallOptions,
  ): Promise<void>;
}
