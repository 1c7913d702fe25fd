import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { openEventConnection } from "../../../src/client/sockets/event-connection.ts";
import type { Event } from "../../../src/schemas/event.ts";

const event = (id: string) => ({ id }) as Event;

async function startSocketServer(serve: (socket: WebSocket) => void, headers: readonly string[] = []) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("headers", (lines) => lines.push(...headers));
  server.on("connection", serve);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    options: {
      apiUrl: `http://127.0.0.1:${port}/api`,
      token: "secret",
      headers: {},
      openTimeoutMs: 200,
      insecureTls: false,
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Accepts the token and keeps every frame. */
function accepting(frames: string[]) {
  return (socket: WebSocket) =>
    socket.on("message", (data) => {
      const text = String(data);
      frames.push(text);
      if (text.includes('"auth"')) socket.send('{"type":"auth_success"}');
    });
}

test("shows the token first, then sends each event in a frame of its own", async () => {
  const frames: string[] = [];
  await using server = await startSocketServer(accepting(frames));
  const connection = await openEventConnection(server.options);

  connection.send([event("a"), event("b")]);
  await connection.checkpoint();

  expect(frames).toEqual(['{"type":"auth","token":"secret"}', '{"id":"a"}', '{"id":"b"}']);
});

test("sends an array in one frame to a server that says it reads them", async () => {
  const frames: string[] = [];
  await using server = await startSocketServer(accepting(frames), ["prefect-event-arrays: 1"]);
  const connection = await openEventConnection(server.options);

  connection.send([event("a"), event("b")]);
  await connection.checkpoint();

  expect(frames.slice(1)).toEqual(['[{"id":"a"},{"id":"b"}]']);
});

test("a checkpoint fails when the socket closes before the answer", async () => {
  await using server = await startSocketServer((socket) => {
    socket.once("message", () => {
      socket.send('{"type":"auth_success"}');
      socket.once("message", () => socket.terminate());
    });
  });
  const connection = await openEventConnection(server.options);

  connection.send([event("a")]);

  await expect(connection.checkpoint()).rejects.toThrow("closed");
  await connection.closed;
});

test.each([
  [
    "refuses the token",
    (socket: WebSocket) => socket.once("message", () => socket.close(1008, "Invalid token")),
    "1008 Invalid token",
  ],
  ["does not answer", () => undefined, "did not answer in time"],
])("cannot be opened when the server %s", async (_title, serve, reason) => {
  await using server = await startSocketServer(serve);

  await expect(openEventConnection(server.options)).rejects.toThrow(reason);
});
