import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../kit/logger.ts";
import type { Event } from "../../schemas/event.ts";
import type { EventConnection } from "./event-connection.ts";
import { postEvents } from "./post-events.ts";

export interface EventSenderOptions {
  /** Opens an authenticated socket. */
  readonly connect: () => Promise<EventConnection>;
  /** Delivers a batch over HTTP; rejects when the API refuses it or cannot be reached. */
  readonly post: (batch: readonly Event[]) => Promise<void>;
  readonly log: Logger;
  /** How long the socket may fail before events go over HTTP. @default 2000 */
  readonly fallbackAfterMs?: number;
  /** Events sent between two confirmations. @default 700 */
  readonly checkpointEvery?: number;
}

/** Delivers events at least once, in order as far as the connection allows, without ever blocking the caller. */
export interface EventSender extends AsyncDisposable {
  emit(event: Event): void;
  /** Resolves true when everything emitted so far was delivered, false when the deadline came first. */
  drain(deadlineMs: number): Promise<boolean>;
}

const BETWEEN_TRIES_MS = 250;
const MAX_BETWEEN_TRIES_MS = 5000;
// A socket that dies again and again on the same events is one the server will not read them from.
const MAX_BROKEN_SOCKETS = 3;
// Where sockets are blocked, events must not wait for one again and again.
const STAY_WITH_HTTP_MS = 30_000;

/** Starts nothing until the first event. */
export function createEventSender(options: EventSenderOptions): EventSender {
  return new SocketEventSender(options);
}

class SocketEventSender implements EventSender {
  readonly #options: EventSenderOptions;
  #queue: Event[] = [];
  #unconfirmed: Event[] = [];
  #connection: EventConnection | undefined;
  #delivering: Promise<void> | undefined;
  #brokenSockets = 0;
  #sentSinceCheckpoint = 0;
  /** Until then the socket is not worth a try. */
  #httpUntilMs = 0;
  /** How many events the present connection has confirmed. */
  #confirmed = 0;
  #isClosed = false;

  constructor(options: EventSenderOptions) {
    this.#options = options;
  }

  emit(event: Event): void {
    this.#queue.push(event);
    this.#wake();
  }

  async drain(deadlineMs: number): Promise<boolean> {
    const giveUp = new AbortController();
    const deadline = delay(deadlineMs, false, { signal: giveUp.signal }).catch(() => false);
    const isDelivered = await Promise.race([this.#deliverAll(), deadline]);
    giveUp.abort();
    return isDelivered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#connection?.close();
    await this.#connection?.closed;
  }

  get #pending(): number {
    return this.#queue.length + this.#unconfirmed.length;
  }

  async #deliverAll(): Promise<true> {
    while (this.#pending > 0 && !this.#isClosed) {
      this.#wake();
      await this.#delivering;
      await this.#confirm();
    }
    return true;
  }

  /** Starts a delivery unless one is under way; events of the same turn leave together. */
  #wake(): void {
    this.#delivering ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#deliver())
      .finally(() => {
        this.#delivering = undefined;
        if (this.#queue.length > 0 && !this.#isClosed) this.#wake();
      });
  }

  async #deliver(): Promise<void> {
    if (this.#connection) return this.#flushTo(this.#connection);
    const { log, fallbackAfterMs = 2000 } = this.#options;
    const startedMs = performance.now();
    for (let pauseMs = BETWEEN_TRIES_MS; !this.#isClosed; pauseMs = Math.min(pauseMs * 2, MAX_BETWEEN_TRIES_MS)) {
      const remainingMs = fallbackAfterMs - (performance.now() - startedMs);
      if (this.#mayTrySocket() && remainingMs > 0) {
        if (await this.#openSocket(remainingMs)) return;
      } else if (await this.#postAll()) {
        this.#httpUntilMs = Math.max(this.#httpUntilMs, startedMs + STAY_WITH_HTTP_MS);
        return;
      }
      log.debug({ pending: this.#pending }, "Events wait for the API");
      await delay(Math.min(pauseMs, Math.max(remainingMs, BETWEEN_TRIES_MS)));
    }
  }

  #mayTrySocket(): boolean {
    return this.#brokenSockets < MAX_BROKEN_SOCKETS && performance.now() >= this.#httpUntilMs;
  }

  async #openSocket(withinMs: number): Promise<boolean> {
    const opening = this.#options.connect();
    const connection = await Promise.race([opening.catch(() => undefined), delay(withinMs, undefined, { ref: false })]);
    if (!connection) {
      opening.then((late) => late.close()).catch(() => undefined);
      return false;
    }
    if (this.#isClosed) connection.close();
    this.#adopt(connection);
    return true;
  }

  #adopt(connection: EventConnection): void {
    this.#connection = connection;
    this.#queue = [...this.#unconfirmed, ...this.#queue];
    this.#unconfirmed = [];
    this.#sentSinceCheckpoint = 0;
    this.#confirmed = 0;
    connection.closed.then(() => this.#lose(connection)).catch(() => undefined);
    this.#flushTo(connection);
  }

  #lose(connection: EventConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#unconfirmed.length === 0 || this.#isClosed) return;
    this.#brokenSockets += 1;
    this.#queue = [...this.#unconfirmed, ...this.#queue];
    this.#unconfirmed = [];
    this.#wake();
  }

  #flushTo(connection: EventConnection): void {
    const batch = this.#queue;
    this.#queue = [];
    for (const event of batch) this.#unconfirmed.push(event);
    connection.send(batch);
    this.#sentSinceCheckpoint += batch.length;
    if (this.#sentSinceCheckpoint < (this.#options.checkpointEvery ?? 700)) return;
    this.#sentSinceCheckpoint = 0;
    this.#confirm().catch(() => undefined);
  }

  /** Forgets what the server confirms; a socket that closes instead puts it back in the queue. */
  async #confirm(): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#unconfirmed.length === 0) return;
    const through = this.#confirmed + this.#unconfirmed.length;
    try {
      await connection.checkpoint();
    } catch {
      await connection.closed;
      return;
    }
    if (this.#connection !== connection) return;
    // Two checkpoints may be under way: the later one covers the earlier one's events.
    this.#unconfirmed.splice(0, Math.max(0, through - this.#confirmed));
    this.#confirmed = Math.max(this.#confirmed, through);
    this.#brokenSockets = 0;
  }

  async #postAll(): Promise<boolean> {
    const batch = [...this.#unconfirmed, ...this.#queue];
    this.#unconfirmed = [];
    this.#queue = [];
    const undelivered = await postEvents(this.#options, batch);
    this.#queue = [...undelivered, ...this.#queue];
    return undelivered.length === 0;
  }
}
