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
  /** The caller may try again after so many milliseconds; 0 where the server has not said. */
  readonly retryAfter: number;

  /** Says what happened, for people, besides code and reason. */
  constructor(code: ErrorCode, reason: string, message: string, cause?: unknown, retryAfter = 0) {
    super(message, { cause });
    this.name = "PresenceError";
    this.code = code;
    this.reason = reason;
    this.retryAfter = retryAfter;
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
      retryAfterOf(error),
    );
  }
}

// Details are read by hand: whole files of generated code would be for one field each.
const ERROR_INFO = "google.rpc.ErrorInfo";
const REASON = 1;
const RETRY_INFO = "google.rpc.RetryInfo";
const RETRY_DELAY = 1;
const SECONDS = 1;
const NANOS = 2;
const LONGEST_RETRY = 86_400_000;

/** ErrorInfo.reason. */
function reasonOf(error: ConnectError): string {
  let reason = "";
  readDetail(error, ERROR_INFO, REASON, (reader) => {
    reason = reader.string();
  });
  return reason;
}

/** RetryInfo.retry_delay, in milliseconds. */
function retryAfterOf(error: ConnectError): number {
  let millis = 0;
  readDetail(error, RETRY_INFO, RETRY_DELAY, (reader) => {
    const delay = reader.bytes();
    readFields(delay, SECONDS, (field) => {
      millis += Number(field.int64()) * 1_000;
    });
    readFields(delay, NANOS, (field) => {
      millis += field.int32() / 1_000_000;
    });
  });
  return Math.min(Math.max(0, millis), LONGEST_RETRY);
}

function readDetail(
  error: ConnectError,
  type: string,
  wanted: number,
  read: (reader: BinaryReader) => void,
): void {
  for (const detail of error.details) {
    if (!("value" in detail) || !(detail.value instanceof Uint8Array)) {
      continue;
    }
    if ("type" in detail && detail.type === type) {
      try {
        readFields(detail.value, wanted, read);
      } catch {
        // A garbled detail says no more than none.
      }
    }
  }
}

function readFields(
  message: Uint8Array,
  wanted: number,
  read: (reader: BinaryReader) => void,
): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted) {
      read(reader);
    } else {
      reader.skip(wireType, field);
    }
  }
}
