import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

/** The names of the gRPC status codes. */
export type ErrorCode = keyof typeof Code;

/** A call that failed, or a stream that ended with a status other than OK. */
export class PresenceError extends Error {
  /** The status code's name. */
  readonly code: ErrorCode;
  /** The server's reason in capitals, such as `SESSION_NOT_FOUND`; empty where none was given. */
  readonly reason: string;

  /** Says what happened, for people, besides code and reason. */
  constructor(code: ErrorCode, reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PresenceError";
    this.code = code;
    this.reason = reason;
  }

  /** Makes an error of ours out of any. */
  static from(cause: unknown): PresenceError {
    if (cause instanceof PresenceError) {
      return cause;
    }
    const error = ConnectError.from(cause);
    return new PresenceError(
      Code[error.code] as ErrorCode,
      reasonOf(error),
      error.rawMessage,
      cause,
    );
  }
}

const ERROR_INFO = "google.rpc.ErrorInfo";
const REASON_FIELD = 1;

/** ErrorInfo.reason, read by hand: its whole file of generated code would be for one string. */
function reasonOf(error: ConnectError): string {
  for (const detail of error.details) {
    if (!("value" in detail) || !(detail.value instanceof Uint8Array)) {
      continue;
    }
    if (!("type" in detail) || detail.type !== ERROR_INFO) {
      continue;
    }
    try {
      const reader = new BinaryReader(detail.value);
      while (reader.pos < reader.len) {
        const [field, wireType] = reader.tag();
        if (field === REASON_FIELD) {
          return reader.string();
        }
        reader.skip(wireType, field);
      }
    } catch {
      // Then the code must do.
    }
  }
  return "";
}
