import { once } from "node:events";
import { WebSocket } from "ws";
import type { RunningServer } from "../../src/server/main.ts";
import { waitUntil } from "./disposable.ts";

/** A client of one of the server's sockets, past the handshake: what it was sent, in order. */
export async function subscribe<Message>(server: Pick<RunningServer, "apiUrl">, path: string, first?: object) {
  const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}${path}`, ["prefect"]);
  const received: Message[] = [];
  const closed = once(socket, "close").then(([code, reason]) => [code, String(reason)] as const);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token: null }));
  await once(socket, "message");
  socket.on("message", (data) => received.push(JSON.parse(String(data)) as Message));
  const say = (message: object) => socket.send(JSON.stringify(message));
  if (first) say(first);
  return {
    received,
    closed,
    say,
    /** Waits until the server has read everything sent so far. */
    async settled() {
      const pong = once(socket, "pong");
      socket.ping();
      await pong;
    },
    has: (count: number) => waitUntil(`${count} messages on ${path}`, () => received.length >= count),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** The settings of a second server beside another one. */
export function sameDatabase({ ctx }: Pick<RunningServer, "ctx">) {
  const url = ctx.settings.server.database.connection_url?.reveal() ?? "";
  return { PREFECT_SERVER_DATABASE_CONNECTION_URL: url };
}
