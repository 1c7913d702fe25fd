import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { ServerContext } from "../context.ts";
import { serveEventsIn } from "./events-in.ts";
import { serveEventsOut } from "./events-out.ts";
import { acceptSocket, type HandshakeOptions } from "./handshake.ts";
import { keepAlive } from "./keep-alive.ts";
import { serveLogsOut } from "./logs-out.ts";
import { serveTaskQueue } from "./task-queue.ts";
import { serveWorker } from "./worker-channel.ts";
import { createWorkerRegistry, type WorkerRegistry } from "./worker-registry.ts";

/**
 * Serves one connection that has passed the handshake; it ends when the socket closes. A handler may return a function
 * that resolves when everything received so far is settled: pings are answered only then, because clients take a pong
 * as proof of it.
 */
export type SocketHandler = (
  ctx: ServerContext,
  socket: WebSocket,
  request: IncomingMessage,
) => (() => Promise<void>) | undefined;

/** Paths relative to the API mount. */
const HANDLERS: Readonly<Record<string, SocketHandler>> = {
  "/events/in": serveEventsIn,
  "/events/out": serveEventsOut,
  "/logs/out": serveLogsOut,
  "/task_runs/subscriptions/scheduled": serveTaskQueue,
};

/** The largest frame taken: one event may be 1.5 MB, a batch of ours holds many. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
const GOING_AWAY = 1001;

/** Answers WebSocket upgrades of the API's paths; anything else is refused with 404. */
export function attachSockets(ctx: ServerContext, server: Server, mount: string): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    autoPong: false,
    handleProtocols: (offered) => (offered.has("prefect") ? "prefect" : false),
  });
  // Tells clients of ours that one frame may hold an array of events.
  sockets.on("headers", (headers) => headers.push("prefect-event-arrays: 1"));
  const registry = createWorkerRegistry(ctx);
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A peer may go away at any time; without a listener that would end the process.
    stream.on("error", () => stream.destroy());
    const endpoint = findEndpoint(request.url ?? "/", mount, registry);
    if (!endpoint) return refuse(stream, "404 Not Found");
    const accepted = acceptSocket(ctx, request, endpoint.handshake);
    if (!accepted.isAllowed) return refuse(stream, "403 Forbidden");
    sockets.handleUpgrade(request, stream, head, (socket) => {
      let settled: (() => Promise<void>) | undefined;
      // Broken frames and lost connections: the socket closes by itself, and its handler learns of that.
      socket.on("error", (error) => ctx.log.debug({ err: error }, "a socket broke"));
      // Clients ping before they authenticate, to see whether the connection is there.
      socket.on("ping", (payload: Buffer) => void answerPing(socket, payload, settled?.()));
      accepted.open(socket, () => {
        settled = endpoint.serve(ctx, socket, request);
      });
    });
  };
  server.on("upgrade", onUpgrade);
  const stopKeepingAlive = keepAlive(sockets, pingEveryMs(ctx));

  return {
    async close() {
      server.off("upgrade", onUpgrade);
      stopKeepingAlive();
      registry.close();
      const open = [...sockets.clients];
      await Promise.all(open.map((socket) => closed(socket)));
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

function pingEveryMs({ settings }: ServerContext): number | undefined {
  const { websocket_ping_interval: seconds } = settings.server.api;
  return seconds > 0 ? seconds * 1000 : undefined;
}

interface Endpoint {
  readonly serve: SocketHandler;
  readonly handshake?: HandshakeOptions;
}

const WORKER_CHANNEL = /^\/work_pools\/([^/]+)\/workers\/connect$/;

/** The target of a request is whatever the client sent: it need not be a URL. */
function findEndpoint(target: string, mount: string, registry: WorkerRegistry): Endpoint | undefined {
  const path = target.split("?", 1)[0] ?? "";
  const name = path.startsWith(mount) ? path.slice(mount.length) : "";
  const serve = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  if (serve) return { serve };
  const poolName = decoded(WORKER_CHANNEL.exec(name)?.[1]);
  if (poolName === undefined) return undefined;
  return {
    serve(ctx, socket) {
      void serveWorker(ctx, socket, { poolName, registry });
      return undefined;
    },
    handshake: { needsSubProtocol: true, failure: "authentication_failed" },
  };
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

async function answerPing(socket: WebSocket, payload: Buffer, settled: Promise<void> | undefined): Promise<void> {
  await settled;
  if (socket.readyState === socket.OPEN) socket.pong(payload);
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Says goodbye and waits for the peer's answer, a second at most. */
function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => socket.terminate(), 1000);
    socket.once("close", () => {
      clearTimeout(giveUp);
      resolve();
    });
    // The answer of a peer that is made to wait would not be read.
    socket.resume();
    socket.close(GOING_AWAY);
  });
}
