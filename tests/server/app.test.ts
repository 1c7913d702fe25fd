import { once } from "node:events";
import { type IncomingHttpHeaders, type RequestOptions, request } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../src/kit/logger.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";

const error = vi.fn();
let server: RunningServer;
beforeAll(async () => {
  server = await startTestServer({ log: { ...silentLogger, error } });
});
afterAll(() => server.stop());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** One request with exactly the headers given. */
async function send(path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Answer> {
  const { body, ...rest } = options;
  const sent = request(`${server.url}${path}`, { method: body === undefined ? "GET" : "POST", ...rest });
  sent.end(body);
  const [response] = await once(sent, "response");
  // A body that is refused is not read to its end.
  sent.on("error", () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) };
}

/** What the server writes to a connection on which `text` was sent, up to where it says enough or hangs up. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.end(text);
  let received = "";
  for await (const chunk of socket.setEncoding("utf8")) received += chunk;
  return received;
}

const json = ({ bytes }: Answer) => JSON.parse(bytes.toString());

describe("paths", () => {
  const id = "019AAF3E1E5B71239E3EAAAA1E2E3E4E";

  test.each([
    { path: "/api/nothing", status: 404 },
    { path: "//", status: 404 },
    { path: "/api/variables/name/%zz", status: 404 },
    { path: "/api/%", status: 404 },
    { path: "/api/flows/not-a-uuid", status: 404 },
    { path: `/api/flows/${id}0`, status: 404 },
    { path: `/api/flows/${id}`, status: 404, detail: "Flow not found" },
    { path: `/api/flows/${id.toLowerCase()}`, status: 404, detail: "Flow not found" },
    { path: `/api/variables/name/${"a".repeat(5_000)}`, status: 404, detail: "Variable not found." },
    { path: "/api/variables/name/a%2Fb%00", status: 404, detail: "Variable not found." },
    { path: "/api/__proto__", status: 404 },
  ])("$path answers $status", async ({ path, status, detail = "Not Found" }) => {
    const answer = await send(path);
    expect([answer.status, json(answer)]).toEqual([status, { detail }]);
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  test.each(["ABCDEF", "abcdef"])("take a uuid with or without hyphens, in either case (%s)", async (digits) => {
    const made = json(await send("/api/flows/", { body: JSON.stringify({ name: digits }) }));
    for (const written of [made.id, made.id.toUpperCase(), made.id.replaceAll("-", "")]) {
      expect(json(await send(`/api/flows/${written}`))).toMatchObject({ id: made.id });
    }
  });

  test.each([
    { method: "PUT", path: "/api/flows/filter", allow: ["POST"] },
    { method: "HEAD", path: "/api/health", allow: ["GET"] },
    { method: "OPTIONS", path: "/api/flows/", allow: ["POST"] },
    { method: "PUT", path: `/api/flows/${id}`, allow: ["DELETE", "GET", "PATCH"] },
  ])("known to other methods refuse $method $path with 405", async ({ method, path, allow }) => {
    const answer = await send(path, { method });
    expect([answer.status, answer.headers.allow?.split(", ").sort()]).toEqual([405, allow]);
  });

  test.each([
    { from: "/api/health/", to: "/api/health" },
    { from: "/api/flows?a=1&b=?", to: "/api/flows/?a=1&b=?" },
    { from: "/api/flows/filter/", to: "/api/flows/filter" },
  ])("$from is sent to $to", async ({ from, to }) => {
    const answer = await send(from, { method: "POST" });
    expect([answer.status, new URL(String(answer.headers.location), server.url + from).href]).toEqual([
      307,
      `${server.url}${to}`,
    ]);
  });
});

describe("bodies", () => {
  test.each(["", "application/json; charset=utf-16", "Application/JSON", "application/vnd.api+json"])(
    "are JSON where the content type says so or is missing (%j)",
    async (type) => {
      const headers = type === "" ? {} : { "content-type": type };
      const answer = await send("/api/flows/count", { body: "{}", headers });
      expect([answer.status, answer.bytes.toString()]).toEqual([200, expect.stringMatching(/^\d+$/)]);
    },
  );

  test.each(["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])(
    "of another content type are text, which no object is made of (%j)",
    async (type) => {
      const answer = await send("/api/flows/", { body: '{"name":"a"}', headers: { "content-type": type } });
      expect([answer.status, json(answer).exception_detail[0].input]).toEqual([422, '{"name":"a"}']);
    },
  );

  test("of a content type that is none get a 4xx", async () => {
    expect((await send("/api/flows/count", { body: "{}", headers: { "content-type": ";;;" } })).status).toBe(415);
  });

  test("may come in chunks, and may be missing", async () => {
    const chunked = await send("/api/flows/count", { body: "{}", headers: { "transfer-encoding": "chunked" } });
    const missing = await send("/api/flows/count", { method: "POST" });
    expect([chunked.status, missing.status]).toEqual([200, 200]);
  });

  test("over 64 MiB are refused with 413 and how to go on", async () => {
    const answer = await send("/api/logs/", { body: Buffer.alloc(64 * 1024 * 1024 + 1, " ") });
    expect([answer.status, json(answer).detail]).toEqual([413, expect.stringContaining("several requests")]);
  });

  test.each([
    { what: "10,000 levels deep", body: `{"name":"deep","labels":{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}}` },
    { what: "100,000 levels deep", body: `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}` },
    { what: "of bytes that are not UTF-8", body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
    { what: "of NULs", body: "\0\0\0\0" },
    { what: "cut short", body: '{"name":"a' },
    { what: "with a prototype", body: '{"__proto__":{"name":"x"},"constructor":{"prototype":1}}' },
  ])("$what get a 4xx", async ({ body }) => {
    const answer = await send("/api/flows/", { body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test("that never arrive leave no error in the log", async () => {
    error.mockClear();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("POST /api/flows/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    await once(socket, "close");
    await send("/api/health");
    expect(error).not.toHaveBeenCalled();
  });
});

describe("answers", () => {
  test("of more than 500 bytes are compressed for those who take gzip", async () => {
    const path = "/api/admin/settings";
    const plain = await send(path);
    const compressed = await send(path, { headers: { "accept-encoding": "br, gzip;q=0.5" } });
    const declined = await send(path, { headers: { "accept-encoding": "identity, gzip;q=0" } });
    expect(compressed.headers).toMatchObject({
      "content-encoding": "gzip",
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(gunzipSync(compressed.bytes)).toEqual(plain.bytes);
    expect([plain.headers["content-encoding"], declined.headers["content-encoding"]]).toEqual([undefined, undefined]);
    const small = await send("/api/health", { headers: { "accept-encoding": "gzip" } });
    expect([small.headers["content-encoding"], small.bytes.toString()]).toEqual([undefined, "true"]);
  });

  test("carry the id the request came with", async () => {
    const answer = await send("/api/health", { headers: { "x-request-id": "abc-1.2:3" } });
    expect(answer.headers["x-request-id"]).toBe("abc-1.2:3");
  });

  test.each([undefined, "", "a b", "é".repeat(10), "x".repeat(129), '"><script>'])(
    "carry an id of ours for %j",
    async (id) => {
      const answer = await send("/api/health", {
        headers: id === undefined ? {} : { "x-request-id": Buffer.from(id).toString("latin1") },
      });
      expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test("keep the connection open for the next request", async () => {
    const raw = await sendRaw(
      "GET /api/health HTTP/1.1\r\nHost: a\r\n\r\nGET /api/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    expect(raw.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});

test.each([
  "GARBAGE\r\n\r\n",
  "GET /api/health HTTP/9.9\r\n\r\n",
  "GET /api/health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
  `GET /api/health HTTP/1.1\r\nHost: a\r\nX-Long: ${"a".repeat(17_000)}\r\n\r\n`,
  "POST /api/flows/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
])("what is not HTTP (%#) gets a 4xx and harms nobody", async (text) => {
  expect(await sendRaw(text)).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await send("/api/health")).status).toBe(200);
});
