import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApp } from "../../../src/server/app.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { routes } from "../../../src/server/routes.ts";
import { acceptSocket } from "../../../src/server/sockets/handshake.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { rawRequest, sendRaw } from "../../support/raw-http.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(server.apiUrl + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

describe("a request", () => {
  test.each([
    ["one long header", `Host: here\r\nX-Long: ${"a".repeat(20_000)}\r\n`, [431]],
    ["many headers", `Host: here\r\n${Array.from({ length: 3_000 }, (_, n) => `X-${n}: a\r\n`).join("")}`, [431]],
    ["no host", "X: y\r\n", [400]],
    ["two lengths", "Host: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n", [400]],
    ["a length and chunks", "Host: here\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", [400]],
    ["a header that is folded", "Host: here\r\nX: a\r\n b\r\n", [400]],
  ])("with %s is refused", async (_what, headers, statuses) => {
    expect(statuses).toContain((await sendRaw(server.url, rawRequest("/api/hello", { headers }))).status);
  });

  test("with a target too long for anything is refused", async () => {
    // The answer may be lost with the connection.
    expect([0, 404, 414, 431]).toContain((await sendRaw(server.url, rawRequest(`/api/${"a".repeat(100_000)}`))).status);
  });

  test("has a minute for its headers and five for all of it", async () => {
    const app = createApp(server.ctx, routes, "/api");

    expect(app.server.headersTimeout).toBeLessThanOrEqual(60_000);
    expect(app.server.headersTimeout).toBeGreaterThan(0);
    expect(app.server.requestTimeout).toBe(300_000);
    await app.close();
  });

  test("that is compressed is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, "["));
    const startMs = performance.now();

    const answer = await post("/flows/", bomb, { "content-encoding": "gzip" });

    expect(answer.status).toBe(400);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  test.each([
    ["arrays", "[".repeat(5_000_000)],
    ["closed arrays", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["objects", '{"a":'.repeat(1_000_000)],
    ["parameters", `{"name":"f","labels":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`],
  ])("nested deeper than anything, of %s, is refused", async (_what, body) => {
    const answer = await post("/flows/", body);

    expect([400, 422]).toContain(answer.status);
    expect((await fetch(`${server.apiUrl}/health`)).status).toBe(200);
  });

  test("cannot put words into our headers", async () => {
    const withId = await fetch(`${server.apiUrl}/hello`, { headers: { "x-request-id": "a b\tc" } });
    const redirect = await sendRaw(server.url, rawRequest("/api/flows%0d%0aSet-Cookie:%20a=b?%0d%0aX:y"));
    const known = await sendRaw(server.url, rawRequest("/api/flows?%0d%0aX:%20y"));

    expect(withId.headers.get("x-request-id")).not.toContain("a b");
    expect(redirect.text).not.toMatch(/^Set-Cookie|^X:/im);
    expect(known.text).not.toMatch(/^X:/im);
  });
});

describe("a socket", () => {
  test("is never compressed, so that nothing has to be unpacked", async () => {
    const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}/events/in`, { perMessageDeflate: true });
    await once(socket, "open");

    expect(socket.extensions).toBe("");
    socket.terminate();
  });

  test("that does not say who it is is closed after a while, in a way that clients try again", async () => {
    const http = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    http.on("upgrade", (request, stream, head) => {
      const accepted = acceptSocket(server.ctx, request, { authWithinMs: 20 });
      if (!accepted.isAllowed) return stream.destroy();
      sockets.handleUpgrade(request, stream, head, (socket) => accepted.open(socket, () => socket.send("served")));
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const open = () => new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, "prefect");
    const [silent, prompt] = [open(), open()];
    prompt.once("open", () => prompt.send('{"type":"auth","token":null}'));
    const served = new Promise((resolve) => prompt.on("message", (data) => String(data) === "served" && resolve(true)));

    const [code, reason] = (await once(silent, "close")) as [number, Buffer];

    expect([code, String(reason)]).toEqual([1013, "No 'auth' message in time"]);
    expect(await served).toBe(true);
    expect(prompt.readyState).toBe(WebSocket.OPEN);
    prompt.terminate();
    sockets.close();
    http.close();
  });
});
