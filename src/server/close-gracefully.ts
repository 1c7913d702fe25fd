import type { Server } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a request may take to end once the server is stopping: one that never sends its body must not keep it. */
const GRACE_MS = 10_000;

/**
 * Watches a server's connections, so that it can end those on which nothing was ever asked: Node takes them for busy.
 * Call before it listens. The function it gives runs `close` and resolves when every connection has ended.
 */
export function closeGracefully(server: Server, close: () => Promise<unknown>): () => Promise<void> {
  const unused = new Map<string, Socket>();
  const watch = (socket: Socket) => {
    const peer = peerOf(socket);
    unused.set(peer, socket);
    socket.once("close", () => unused.get(peer) === socket && unused.delete(peer));
  };
  server.on("connection", watch);
  // The socket of the plain connection below it is another one, of the same peer.
  server.on("secureConnection", watch);
  server.on("request", ({ socket }) => unused.delete(peerOf(socket)));
  server.on("upgrade", ({ socket }) => unused.delete(peerOf(socket)));

  return async () => {
    const giveUp = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    const closing = close();
    // What has arrived by now is read first.
    await nextTurn();
    await nextTurn();
    for (const socket of unused.values()) socket.destroy();
    await closing;
    clearTimeout(giveUp);
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
