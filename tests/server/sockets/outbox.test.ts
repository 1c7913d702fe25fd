import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createOutbox } from "../../../src/server/sockets/outbox.ts";

const FRAME = { text: "x".repeat(64 * 1024) };

/** Both ends of a connection. */
async function connection() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[socket]] = (await Promise.all([once(server, "connection"), once(peer, "open")])) as [[WebSocket], unknown];
  const close = async () => {
    peer.terminate();
    server.close();
    await once(server, "close");
  };
  return { socket, peer, [Symbol.asyncDispose]: close };
}

test("is full while a peer does not read, and drained once it has", async () => {
  await using ends = await connection();
  const outbox = createOutbox(ends.socket, 1024 * 1024);
  let received = 0;
  ends.peer.on("message", () => {
    received += 1;
  });
  ends.peer.pause();
  let sent = 0;
  // The system's own buffers take some megabytes first.
  for (; !outbox.isFull; sent++) {
    outbox.send(FRAME);
    if (sent % 16 === 0) await new Promise(setImmediate);
  }
  expect(ends.socket.bufferedAmount).toBeLessThan(4 * 1024 * 1024);

  ends.peer.resume();
  await outbox.drained();
  expect(outbox.isFull).toBe(false);
  outbox.send(FRAME);
  while (received < sent + 1) await once(ends.peer, "message");
});

test("is drained when the peer is gone", async () => {
  await using ends = await connection();
  const outbox = createOutbox(ends.socket, 1024);
  ends.peer.pause();
  while (!outbox.isFull) outbox.send(FRAME);

  ends.peer.terminate();
  await outbox.drained();

  expect(outbox.isFull).toBe(false);
  expect(outbox.isClosed).toBe(true);
});
