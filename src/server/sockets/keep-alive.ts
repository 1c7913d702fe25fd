import type { WebSocket, WebSocketServer } from "ws";

/** How often peers are asked whether they are there, and how long they have to answer. */
const PING_EVERY_MS = 20_000;

/** Pings every connection, and drops those that have not been heard of by the next time. Gives the function that ends it. */
export function keepAlive(sockets: WebSocketServer, everyMs = PING_EVERY_MS): () => void {
  const asked = new WeakSet<WebSocket>();
  const check = () => {
    for (const socket of sockets.clients) {
      // The answer of a peer that is made to wait is not read either.
      if (socket.isPaused) continue;
      if (asked.has(socket)) {
        socket.terminate();
        continue;
      }
      asked.add(socket);
      onceHeard(socket, () => asked.delete(socket));
      socket.ping();
    }
  };
  const timer = setInterval(check, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A peer that sends much answers late: its answer is behind all of it. */
function onceHeard(socket: WebSocket, react: () => void): void {
  const heard = () => {
    socket.off("pong", heard).off("message", heard);
    react();
  };
  socket.on("pong", heard).on("message", heard);
}
