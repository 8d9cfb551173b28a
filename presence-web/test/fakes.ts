import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { PresenceError, type ErrorCode } from "../src/errors.js";
import {
  type DisconnectRequestSchema,
  type HeartbeatRequestSchema,
  PresenceState,
  ServerMessageSchema,
  type SubscribeRequestSchema,
  type UpdateStatusRequestSchema,
} from "../src/gen/presence/v1/presence_pb.js";
import type { Loop, Timer } from "../src/loop.js";
import type { CallOptions, SessionTransport, StreamEvents } from "../src/session/transport.js";
import type { TabChannel, TabLocks, TabMessage, TicketStore, StoredTicket } from "../src/tabs/ports.js";

/** Time that moves only when told to. */
export class FakeLoop implements Loop {
  chance = 0.5;
  #now = 1_000;
  #sleep = 0;
  #tasks: { due: number; order: number; task: () => void }[] = [];
  #order = 0;

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now + this.#sleep;
  }

  random(): number {
    return this.chance;
  }

  schedule(delay: number, task: () => void): Timer {
    const entry = { due: this.#now + delay, order: this.#order++, task };
    this.#tasks.push(entry);
    return { cancel: () => void (this.#tasks = this.#tasks.filter((each) => each !== entry)) };
  }

  /** The device sleeps: only its wall clock goes on. */
  sleep(millis: number): void {
    this.#sleep += millis;
  }

  /** Lets so much time pass, with all that falls due. */
  async pass(millis: number): Promise<void> {
    const end = this.#now + millis;
    await settled();
    for (;;) {
      const [next] = this.#tasks
        .filter(({ due }) => due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order);
      if (!next) {
        break;
      }
      this.#now = Math.max(this.#now, next.due);
      this.#tasks = this.#tasks.filter((each) => each !== next);
      next.task();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets all promises that can settle do so. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
}

type Kind = NonNullable<MessageInitShape<typeof ServerMessageSchema>["kind"]>;
type Hello = Extract<Kind, { case: "hello" }>["value"];

/** A stream as the server sees it. */
export class FakeStream {
  aborted = false;
  constructor(
    readonly token: string,
    readonly request: MessageInitShape<typeof SubscribeRequestSchema>,
    readonly events: StreamEvents,
  ) {}

  get open(): { sessionId: string; attempt: number } {
    const { sessionId = "", attempt = 0 } = this.request.open ?? {};
    return { sessionId, attempt };
  }

  send(kind: Kind): void {
    if (!this.aborted) {
      this.events.onMessage(create(ServerMessageSchema, { kind }));
    }
  }

  hello(hello: Partial<Hello> & { sessionId?: string; resumed?: boolean; route?: string } = {}): void {
    this.send({
      case: "hello",
      value: {
        sessionId: "s1",
        resumed: this.open.sessionId !== "",
        heartbeatInterval: durationFromMs(8_000),
        gracePeriod: durationFromMs(10_000),
        serverTime: timestampFromMs(1_700_000_500_000),
        node: "n1",
        ...(hello as object),
      },
    });
  }

  ping(sequence = 1n): void {
    this.send({ case: "ping", value: { sequence } });
  }

  /** A whole snapshot at once. */
  snapshot(presences: Record<string, PresenceState>): void {
    this.send({
      case: "snapshot",
      value: {
        presences: Object.entries(presences).map(([userId, state]) => ({ userId, state })),
        complete: true,
        lastSeenComplete: true,
      },
    });
  }

  fail(code: ErrorCode, reason = "", retryAfter = 0): void {
    this.events.onEnd(new PresenceError(code, reason, "a failure", undefined, retryAfter));
  }

  end(): void {
    this.events.onEnd();
  }
}

type Heartbeat = MessageInitShape<typeof HeartbeatRequestSchema>;
type Update = MessageInitShape<typeof UpdateStatusRequestSchema>;
type Disconnect = MessageInitShape<typeof DisconnectRequestSchema>;

/** The servers, as far as a session sees them. */
export class FakeServer implements SessionTransport {
  readonly streams: FakeStream[] = [];
  readonly heartbeats: (Heartbeat & CallOptions)[] = [];
  readonly updates: (Update & CallOptions)[] = [];
  readonly disconnects: (Disconnect & CallOptions)[] = [];
  /** Calls fail with this. */
  failure: PresenceError | undefined;

  get last(): FakeStream {
    const last = this.streams.at(-1);
    if (!last) {
      throw new Error("no stream yet");
    }
    return last;
  }

  subscribe(
    token: string,
    request: MessageInitShape<typeof SubscribeRequestSchema>,
    events: StreamEvents,
  ): { abort(): void } {
    const stream = new FakeStream(token, request, events);
    this.streams.push(stream);
    return { abort: () => void (stream.aborted = true) };
  }

  heartbeat(request: Heartbeat, options: CallOptions): Promise<void> {
    this.heartbeats.push({ ...request, ...options });
    return this.#answer();
  }

  updateStatus(request: Update, options: CallOptions): Promise<void> {
    this.updates.push({ ...request, ...options });
    return this.#answer();
  }

  disconnect(request: Disconnect, options: CallOptions): Promise<void> {
    this.disconnects.push({ ...request, ...options });
    return this.#answer();
  }

  refuse(code: ErrorCode, reason = ""): void {
    this.failure = new PresenceError(code, reason, "refused");
  }

  #answer(): Promise<void> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }
}

/** One browser: its locks, its channel and its storage. */
export class FakeBrowser {
  stored: StoredTicket | undefined;
  readonly #holders = new Map<string, { owner: FakeTab; reject: (error: Error) => void; task: Promise<void> }>();
  readonly #queue: { name: string; grant: () => void }[] = [];
  readonly #channels = new Set<{ owner: object; hear: (message: TabMessage) => void }>();

  /** Locks as one tab sees them. */
  locks(owner: FakeTab): TabLocks {
    return {
      request: (name, { steal, signal }, task) =>
        new Promise<void>((resolve, reject) => {
          const grant = () => {
            const holder = { owner, reject: owner.later(reject), task: Promise.resolve() };
            this.#holders.set(name, holder);
            holder.task = task();
            void holder.task.then(() => {
              if (this.#holders.get(name) === holder) {
                this.#release(name);
              }
              resolve();
            });
          };
          const holder = this.#holders.get(name);
          if (holder && steal) {
            holder.reject(new Error("stolen"));
            queueMicrotask(grant);
          } else if (holder) {
            const entry = { name, grant };
            this.#queue.push(entry);
            owner.waiting.push(entry);
            signal?.addEventListener("abort", () => {
              this.#withdraw(entry);
              reject(new Error("aborted"));
            });
          } else {
            queueMicrotask(grant);
          }
        }),
    };
  }

  /** The tab's process is gone: without a word. */
  crash(tab: FakeTab): void {
    tab.crashed = true;
    for (const entry of tab.waiting) {
      this.#withdraw(entry);
    }
    for (const channel of [...this.#channels]) {
      if (channel.owner === tab) {
        this.#channels.delete(channel);
      }
    }
    for (const [name, { owner }] of [...this.#holders]) {
      if (owner === tab) {
        this.#release(name);
      }
    }
  }

  channel(owner: FakeTab, hear: (message: TabMessage) => void): TabChannel {
    const channel = { owner, hear: owner.later(hear) };
    this.#channels.add(channel);
    return {
      post: (message) => {
        if (owner.crashed) {
          return;
        }
        const copy = structuredClone(message);
        for (const other of this.#channels) {
          if (other !== channel) {
            queueMicrotask(() => this.#channels.has(other) && other.hear(copy));
          }
        }
      },
      close: () => void this.#channels.delete(channel),
    };
  }

  store(): TicketStore {
    return {
      load: () => structuredClone(this.stored),
      save: (stored) => void (this.stored = structuredClone(stored)),
      leave() {},
    };
  }

  #withdraw(entry: { name: string; grant: () => void }): void {
    const index = this.#queue.indexOf(entry);
    if (index >= 0) {
      this.#queue.splice(index, 1);
    }
  }

  #release(name: string): void {
    this.#holders.delete(name);
    const index = this.#queue.findIndex((entry) => entry.name === name);
    const [next] = index >= 0 ? this.#queue.splice(index, 1) : [];
    next?.grant();
  }
}

/** One tab, which may be frozen: then nothing in it runs, and all waits for it. */
export class FakeTab implements Loop {
  crashed = false;
  frozen = false;
  readonly waiting: { name: string; grant: () => void }[] = [];
  readonly #loop: FakeLoop;
  #backlog: (() => void)[] = [];

  constructor(loop: FakeLoop) {
    this.#loop = loop;
  }

  later<A extends unknown[]>(task: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (this.frozen) {
        this.#backlog.push(() => task(...args));
      } else if (!this.crashed) {
        task(...args);
      }
    };
  }

  thaw(): void {
    this.frozen = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const task of backlog) {
      task();
    }
  }

  now(): number {
    return this.#loop.now();
  }

  wall(): number {
    return this.#loop.wall();
  }

  random(): number {
    return this.#loop.random();
  }

  schedule(delay: number, task: () => void): Timer {
    let cancelled = false;
    const timer = this.#loop.schedule(
      delay,
      this.later(() => {
        if (!cancelled) {
          task();
        }
      }),
    );
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }
}
