import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestServer } from "../../../src/testing/index.ts";
import { rawRequest, sendRaw } from "../../support/raw-http.ts";

const upgrade = (path: string, more: string) =>
  rawRequest(path, {
    headers: `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n${more}`,
  }).replace("Connection: close\r\n", "");

describe("hosts", () => {
  test("of any name are answered by default", async () => {
    await using server = await startTestServer();

    expect((await sendRaw(server.url, rawRequest("/api/hello", { headers: "Host: evil.test\r\n" }))).status).toBe(200);
  });

  test("that are not listed are refused, but for probes", async () => {
    await using server = await startTestServer({
      env: { PREFECT_SERVER_API_TRUSTED_HOSTS: "localhost, *.example.com" },
    });
    const ask = async (host: string, path = "/api/hello", more = "") =>
      (await sendRaw(server.url, rawRequest(path, { headers: `Host: ${host}\r\n${more}` }))).status;

    for (const host of ["localhost", "LOCALHOST:4200", "a.example.com", "a.b.example.com:1"]) {
      expect([host, await ask(host)]).toEqual([host, 200]);
    }
    for (const host of ["evil.test", "example.com", "localhost.evil.test", "evilexample.com", "127.0.0.1", ""]) {
      expect([host, await ask(host)]).toEqual([host, 400]);
    }
    expect(await ask("evil.test", "/api/hello", "X-Forwarded-Host: localhost\r\n")).toBe(400);
    expect(await ask("evil.test", "/")).toBe(400);
    expect(await ask("10.1.2.3:4200", "/api/health")).toBe(200);
    expect(await ask("10.1.2.3:4200", "/api/ready")).toBe(200);
    expect(await ask("10.1.2.3:4200", "/api/health/../hello")).toBe(400);
  });

  test("that are not listed get no socket", async () => {
    await using server = await startTestServer({ env: { PREFECT_SERVER_API_TRUSTED_HOSTS: "localhost" } });
    const isEnough = (text: string) => text.includes("\r\n\r\n");
    const ask = async (host: string) =>
      (await sendRaw(server.url, upgrade("/api/events/in", `Host: ${host}\r\n`), isEnough)).status;

    expect([await ask("localhost"), await ask("evil.test")]).toEqual([101, 403]);
  });
});

test("a page of a site that CORS does not allow gets no socket, one of the server itself does", async () => {
  await using server = await startTestServer({ env: { PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS: "http://good.test" } });
  const open = async (origin: string) => {
    const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}/events/in`, { origin });
    socket.on("error", () => undefined);
    const opened = await Promise.race([
      once(socket, "open").then(() => true),
      once(socket, "unexpected-response").then(() => false),
    ]);
    socket.terminate();
    return opened;
  };

  expect(await open("http://good.test")).toBe(true);
  expect(await open(server.url)).toBe(true);
  expect(await open("http://evil.test")).toBe(false);
  expect(await open("null")).toBe(false);
});

describe("base paths", () => {
  test.each([
    ["/v2/api", "/v2/api"],
    ["v2/api/", "/v2/api"],
    ["/", ""],
  ])("PREFECT_SERVER_API_BASE_PATH=%j serves the API below %j", async (base, mount) => {
    const env = { PREFECT_SERVER_API_BASE_PATH: base, PREFECT_SERVER_API_AUTH_STRING: "a:b" };
    await using server = await startTestServer({ env });
    const status = async (path: string, headers = {}) => (await fetch(server.url + path, { headers })).status;
    const authorization = `Basic ${btoa("a:b")}`;

    expect(server.apiUrl).toBe(server.url + mount);
    expect(await status(`${mount}/health`)).toBe(200);
    expect(await status(`${mount}/admin/version`)).toBe(401);
    expect(await status(`${mount}/nothing`)).toBe(401);
    expect(await status(`${mount}/admin/version`, { authorization })).toBe(200);
    expect(await status("/", { authorization })).toBe(200);
    if (mount !== "") expect(await status("/api/admin/version", { authorization })).toBe(404);
    const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}/events/in`, "prefect");
    await once(socket, "open");
    socket.terminate();
  });

  test("PREFECT_UI_SERVE_BASE moves the pages and leaves the API", async () => {
    await using server = await startTestServer({ env: { PREFECT_UI_SERVE_BASE: "/prefect" } });
    const text = async (path: string) => (await fetch(server.url + path)).text();

    expect(await text("/prefect/")).toContain('href="docs"');
    expect(await text("/prefect")).toContain("Flow runs");
    expect(await text("/prefect/docs")).toContain("operations");
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.apiUrl}/health`)).status).toBe(200);
  });
});

test("links are made for where the client is, as believed proxies tell it", async () => {
  const ask = async (env: Record<string, string>) => {
    await using server = await startTestServer({ env });
    const event = (id: number) => ({
      id: `00000000-0000-4000-8000-00000000000${id}`,
      occurred: new Date().toISOString(),
      event: "e",
      resource: { "prefect.resource.id": "r" },
    });
    const post = (path: string, body: unknown) =>
      fetch(server.apiUrl + path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: {
          "content-type": "application/json",
          "x-forwarded-proto": "https",
          "x-forwarded-host": "prefect.example.com",
        },
      });
    await post("/events", [event(1), event(2)]);
    const { next_page } = (await (await post("/events/filter", { limit: 1 })).json()) as { next_page: string };
    return new URL(next_page).origin.replace(server.url, "itself");
  };

  expect(await ask({})).toBe("https://prefect.example.com");
  expect(await ask({ PREFECT_SERVER_API_TRUSTED_PROXIES: "*" })).toBe("https://prefect.example.com");
  expect(await ask({ PREFECT_SERVER_API_TRUSTED_PROXIES: "10.0.0.0/8" })).toBe("itself");
});
