import { once } from "node:events";
import { connect } from "node:net";
import { sql } from "kysely";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { silentLogger } from "../../src/kit/logger.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { waitUntil } from "../support/disposable.ts";

const SECRET = "admin:pass";
const warn = vi.fn();
let server: RunningServer;

async function start(env: Record<string, string> = {}): Promise<void> {
  warn.mockClear();
  server = await startTestServer({ env, log: { ...silentLogger, warn } });
}
afterEach(() => server.stop());

function open(
  path = "/events/in",
  options: { protocols?: string[]; headers?: Record<string, string> } = {},
): WebSocket {
  const { protocols = [], headers = {} } = options;
  return new WebSocket(`${server.apiUrl.replace("http", "ws")}${path}`, protocols, { headers });
}

/** A connection that is let in without a handshake. */
async function openLegacy(): Promise<WebSocket> {
  const socket = open();
  await once(socket, "open");
  return socket;
}

async function closeOf(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return [code, reason.toString()];
}

/** Resolves when the server has proved that it has taken in everything sent so far. */
async function settled(socket: WebSocket): Promise<void> {
  const pong = once(socket, "pong");
  socket.ping();
  await pong;
}

const event = (number: number, more: object = {}) => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  occurred: "2026-01-01T00:00:00Z",
  event: "test.happened",
  resource: { "prefect.resource.id": `test.${number}` },
  ...more,
});
async function stored(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from events`.execute(server.ctx.db.read);
  return Number(rows[0]?.n);
}

describe("the handshake", () => {
  test.each([
    {
      what: "another type",
      message: '{"type":"hello","token":null}',
      secret: undefined,
      reason: "Expected 'auth' message",
    },
    { what: "no JSON", message: "auth", secret: undefined, reason: "Expected 'auth' message" },
    { what: "JSON null", message: "null", secret: undefined, reason: "Expected 'auth' message" },
    { what: "no token", message: '{"type":"auth"}', secret: SECRET, reason: "Auth required but no token provided" },
    {
      what: "an empty token",
      message: '{"type":"auth","token":""}',
      secret: SECRET,
      reason: "Auth required but no token provided",
    },
    { what: "a wrong token", message: '{"type":"auth","token":"admin:no"}', secret: SECRET, reason: "Invalid token" },
    {
      what: "a token that is no text",
      message: '{"type":"auth","token":7}',
      secret: SECRET,
      reason: "Auth required but no token provided",
    },
  ])("with $what is refused with 1008", async ({ message, secret, reason }) => {
    await start(secret === undefined ? {} : { PREFECT_SERVER_API_AUTH_STRING: secret });
    const socket = open("/events/in", { protocols: ["prefect"] });
    await once(socket, "open");
    socket.send(message);
    expect(await closeOf(socket)).toEqual([1008, reason]);
  });

  test.each([
    { token: null, secret: undefined },
    { token: SECRET, secret: SECRET },
  ])("with the token $token is answered auth_success, and served", async ({ token, secret }) => {
    await start(secret === undefined ? {} : { PREFECT_SERVER_API_AUTH_STRING: secret });
    const socket = open("/events/in", { protocols: ["other", "prefect"] });
    await once(socket, "open");
    expect(socket.protocol).toBe("prefect");
    await settled(socket);
    socket.send(JSON.stringify({ type: "auth", token }));
    socket.send(JSON.stringify(event(1)));
    expect(String((await once(socket, "message"))[0])).toBe('{"type":"auth_success"}');
    await settled(socket);
    expect(await stored()).toBe(1);
    socket.close();
  });

  test("is not asked of clients that do not offer it, unless credentials are needed", async () => {
    await start();
    const socket = await openLegacy();
    socket.send(JSON.stringify(event(1)));
    await settled(socket);
    expect(await stored()).toBe(1);
    socket.close();
  });

  test.each([
    { headers: {}, path: "/events/in", status: 403 },
    {
      headers: { authorization: `Basic ${Buffer.from("admin:no").toString("base64")}` },
      path: "/events/in",
      status: 403,
    },
    { headers: {}, path: "/nowhere", status: 404 },
    { headers: {}, path: "/__proto__", status: 404 },
  ])("at $path without sub-protocol and with $headers is refused with $status", async ({ headers, path, status }) => {
    await start({ PREFECT_SERVER_API_AUTH_STRING: SECRET });
    const [, response] = await once(open(path, { headers }), "unexpected-response");
    expect(response.statusCode).toBe(status);
    response.destroy();
  });
});

describe("events in", () => {
  test("that are not valid are dropped and logged, and those around them stored", async () => {
    await start();
    const socket = await openLegacy();
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const frames = [
      JSON.stringify(event(1)),
      "not JSON",
      "null",
      JSON.stringify(event(2, { occurred: "yesterday" })),
      JSON.stringify(event(3, { resource: {} })),
      JSON.stringify(event(4)).replace('"test.happened"', `"x","payload":{"deep":${deep}}`),
      JSON.stringify([event(5), { id: 1 }, event(6)]),
      "[]",
      Buffer.from([0xff, 0x00]),
    ];
    for (const frame of frames) socket.send(frame);
    await settled(socket);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(await stored()).toBe(3);
    expect(warn.mock.calls.length).toBeGreaterThanOrEqual(6);
    socket.close();
  });

  test("sent twice, over one connection or another, are stored once", async () => {
    await start();
    const sockets = [await openLegacy(), await openLegacy()];
    for (const socket of sockets) socket.send(JSON.stringify([event(1), event(2), event(1)]));
    await Promise.all(sockets.map(settled));
    expect(await stored()).toBe(2);
    for (const socket of sockets) socket.close();
  });

  test("are committed by the time a ping that came after them is answered", async () => {
    await start();
    const socket = await openLegacy();
    for (let round = 1; round <= 5; round += 1) {
      socket.send(JSON.stringify(Array.from({ length: 100 }, (_, index) => event(round * 1000 + index))));
      await settled(socket);
      expect(await stored()).toBe(round * 100);
    }
    socket.close();
  });

  test("that come faster than they can be stored make the sender wait", { timeout: 60_000 }, async () => {
    await start();
    const socket = await openLegacy();
    let largest = 0;
    const watch = setInterval(() => (largest = Math.max(largest, server.ctx.ingest.backlog)), 1);
    for (let frame = 0; frame < 100; frame += 1) {
      socket.send(JSON.stringify(Array.from({ length: 200 }, (_, index) => event(frame * 200 + index))));
    }
    await settled(socket);
    clearInterval(watch);
    expect(await stored()).toBe(20_000);
    expect(largest).toBeLessThan(6_000);
    socket.close();
  });

  test("are not lost with the database: the socket closes without a pong, for the client to send them again", async () => {
    await start();
    const socket = await openLegacy();
    const pong = vi.fn();
    socket.on("pong", pong);
    await server.ctx.db.close();
    socket.send(JSON.stringify(event(1)));
    socket.ping();
    expect(await closeOf(socket)).toEqual([1013, "The database is not available"]);
    expect(pong).not.toHaveBeenCalled();
  });
});

describe("hostile connections", () => {
  const raw = async (text: string | Buffer, then: "wait" | "reset" = "wait") => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(text);
    if (then === "reset") {
      await once(socket, "connect");
      socket.resetAndDestroy();
      return "";
    }
    let received = "";
    socket.setEncoding("latin1").on("data", (data: string) => {
      received += data;
    });
    await Promise.race([once(socket, "close"), waitUntil("an answer", () => received !== "", { intervalMs: 5 })]);
    socket.destroy();
    return received;
  };
  const upgrade = (path: string, more = "") =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n${more}\r\n`;

  test.each(["//", "/%", "*", "http://[bad/api/events/in", "/api/events/in/.."])(
    "asking for %s are refused",
    async (path) => {
      await start();
      expect(await raw(upgrade(path))).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect((await fetch(`${server.apiUrl}/health`)).status).toBe(200);
    },
  );

  test("sending broken frames are closed, and the server goes on", async () => {
    await start();
    const frames = {
      reservedBits: Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
      unmasked: Buffer.from([0x81, 0x01, 0x61]),
      invalidUtf8: Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]),
      tooLarge: Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
      unknownOpcode: Buffer.from([0x83, 0x80, 0, 0, 0, 0]),
    };
    for (const frame of Object.values(frames))
      await raw(Buffer.concat([Buffer.from(upgrade("/api/events/in")), frame]));
    expect((await fetch(`${server.apiUrl}/health`)).status).toBe(200);
  });

  test("that vanish during or after the upgrade harm nobody", async () => {
    await start();
    for (const path of ["/api/events/in", "/api/nowhere"]) {
      for (let time = 0; time < 10; time += 1) await raw(upgrade(path), "reset");
    }
    expect((await fetch(`${server.apiUrl}/health`)).status).toBe(200);
  });

  test("that never read do not keep the server from stopping", async () => {
    await start();
    const socket = await openLegacy();
    socket.pause();
    const begun = performance.now();
    await server.stop();
    expect(performance.now() - begun).toBeLessThan(3_000);
    socket.terminate();
  });
});
