import { setTimeout as delay } from "node:timers/promises";
import type { RawData, WebSocket } from "ws";
import type { Event } from "../../schemas/event.ts";
import type { Client } from "../client.ts";
import { authenticate, newSocket, socketOptions } from "./authenticated-socket.ts";

export interface EventWatch {
  /** An EventFilter without `occurred`. */
  readonly filter: object;
  readonly onEvent: (event: Event) => void;
  /** Told each time the stream is there: what happened before is not told. */
  readonly onOpen?: () => void;
}

/** Without it a server takes a filter to end now. */
const ALL_TIMES = { since: "2000-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z" };
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** A stream from which not even an answer to a ping came for this long is dead. */
const SILENCE_MS = 60_000;

/** Tells of new events until disposed, connecting again whenever the stream is lost. */
export function watchEvents(client: Client, watch: EventWatch): AsyncDisposable {
  const stopping = new AbortController();
  const watching = connectAgainAndAgain(client, watch, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
    },
  };
}

async function connectAgainAndAgain(client: Client, watch: EventWatch, stop: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!stop.aborted) {
    const wasOpen = await watchOnce(client, watch, stop);
    pauseMs = wasOpen ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
    // Not all at once when a server comes back.
    await delay(pauseMs * (0.5 + Math.random()), undefined, { signal: stop }).catch(() => undefined);
  }
}

/** Resolves when the stream has ended; false when it could not be had. */
async function watchOnce(client: Client, watch: EventWatch, stop: AbortSignal): Promise<boolean> {
  const options = socketOptions(client);
  const socket = newSocket("/events/out", options);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const close = () => socket.terminate();
  stop.addEventListener("abort", close, { once: true });
  try {
    await authenticate(socket, options);
    socket.on("message", (data) => tell(data, watch.onEvent));
    socket.send(JSON.stringify({ type: "filter", filter: { ...watch.filter, occurred: ALL_TIMES }, backfill: false }));
    using _pinging = keepAlive(socket);
    watch.onOpen?.();
    await closed;
    return true;
  } catch {
    return false;
  } finally {
    stop.removeEventListener("abort", close);
    socket.terminate();
  }
}

function tell(data: RawData, onEvent: EventWatch["onEvent"]): void {
  const message = JSON.parse(data.toString()) as { readonly type?: unknown; readonly event?: Event };
  if (message.type === "event" && message.event) onEvent(message.event);
}

function keepAlive(socket: WebSocket): Disposable {
  let isAlive = true;
  socket.on("pong", () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, SILENCE_MS / 2);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
