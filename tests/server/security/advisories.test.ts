import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";
import { rawRequest, sendRaw } from "../../support/raw-http.ts";

/** What has once been reported about Prefect, each with what may not happen here. */
const SECRET = "admin:secret";
const AUTH = { PREFECT_SERVER_API_AUTH_STRING: SECRET };

describe("CVE-2026-3514, CVE-2026-7722: paths that end in health or ready", () => {
  test.each([
    ["GET", "/api/variables/name/system-health"],
    ["GET", "/api/variables/name/ready"],
    ["GET", "/api/block_types/slug/health"],
    ["DELETE", "/api/variables/name/health"],
    ["PATCH", "/api/variables/name/ready"],
    ["POST", "/api/health"],
  ])("%s %s needs credentials", async (method, path) => {
    await using server = await startTestServer({ env: AUTH });

    expect((await fetch(server.url + path, { method })).status).toBe(401);
  });

  test("the Host header does not change what path is meant", async () => {
    await using server = await startTestServer({ env: AUTH });
    const headers = "Host: here/api/health?\r\n";

    expect((await sendRaw(server.url, rawRequest("/api/admin/version", { headers }))).status).not.toBe(200);
  });
});

describe("CVE-2026-7723: events over a web socket without credentials", () => {
  test.each(["/events/in", "/events/out", "/task_runs/subscriptions/scheduled"])(
    "%s takes and tells nothing",
    async (path) => {
      await using server = await startTestServer({ env: AUTH });
      const url = server.apiUrl.replace("http", "ws") + path;
      const event = { id: "00000000-0000-4000-8000-000000000001", occurred: "2026-01-01T00:00:00Z", event: "e" };
      const frame = JSON.stringify({ ...event, resource: { "prefect.resource.id": "r" } });

      const legacy = new WebSocket(url);
      legacy.on("error", () => undefined);
      const [, response] = await once(legacy, "unexpected-response");
      response.destroy();
      const modern = new WebSocket(url, "prefect");
      const messages: string[] = [];
      modern.on("message", (data) => messages.push(String(data)));
      await once(modern, "open");
      modern.send(frame);
      const [code] = await once(modern, "close");

      expect([response.statusCode, code, messages]).toEqual([403, 1008, []]);
      const { rows } = await sql<{ n: number }>`select count(*) as n from events`.execute(server.ctx.db.read);
      expect(Number(rows[0]?.n)).toBe(0);
    },
  );
});

describe("CVE-2024-8183: CORS", () => {
  test("answers are never for credentials of browsers, and only for the origins that are set", async () => {
    await using server = await startTestServer({ env: { PREFECT_SERVER_CORS_ALLOWED_ORIGINS: "https://good.test" } });
    const ask = async (origin: string, method: string) => {
      const headers = { origin, "access-control-request-method": "POST" };
      const answer = await fetch(`${server.apiUrl}/flows/filter`, { method, headers });
      return [
        answer.headers.get("access-control-allow-origin"),
        answer.headers.get("access-control-allow-credentials"),
      ];
    };

    expect(await ask("https://good.test", "OPTIONS")).toEqual(["https://good.test", null]);
    for (const origin of ["https://evil.test", "https://good.test.evil.test", "null", "https://good.test:444"]) {
      expect(await ask(origin, "OPTIONS")).toEqual([null, null]);
      expect(await ask(origin, "POST")).toEqual([null, null]);
    }
  });
});

describe("CVE-2023-6022: requests forged by other sites", () => {
  test("with the protection on, no operation changes anything without a token, and none of other clients' tokens fit", async () => {
    await using server = await startTestServer({ env: { PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true" } });
    const { token } = (await (await fetch(`${server.apiUrl}/csrf-token?client=a`)).json()) as { token: string };
    const ask = async (method: string, headers = {}) =>
      (await fetch(`${server.apiUrl}/flows/`, { method, headers })).status;

    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect([403, 405]).toContain(await ask(method));
    }
    expect(await ask("POST", { "prefect-csrf-token": token, "prefect-csrf-client": "b" })).toBe(403);
    expect(await ask("POST", { "prefect-csrf-token": token, "prefect-csrf-client": "a" })).toBe(422);
  });

  test("a form cannot send what a JSON operation takes", async () => {
    await using server = await startTestServer();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const answer = await fetch(`${server.apiUrl}/flows/`, {
        method: "POST",
        body: '{"name":"forged"}',
        headers: { "content-type": type },
      });
      expect([type, answer.status]).toEqual([type, 422]);
    }
  });
});

describe("#22252: remote references in schemas of users", () => {
  test("nothing is fetched when parameters are checked", async () => {
    await using server = await startTestServer();
    let visits = 0;
    const other = createServer((_request, response) => {
      visits += 1;
      response.end('{"type":"string"}');
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const $ref = `http://127.0.0.1:${(other.address() as AddressInfo).port}/schema.json`;
    const api = createApi(server.apiUrl);
    const flow = await api.post("/flows/", { name: "f" });
    const schema = { type: "object", properties: { a: { $ref } }, $schema: $ref, $id: $ref };
    const deployment = await api.post("/deployments/", {
      name: "d",
      flow_id: flow.at("id"),
      parameter_openapi_schema: schema,
      enforce_parameter_schema: true,
      parameters: { a: 1 },
    });
    const path = `/deployments/${deployment.at("id") ?? flow.at("id")}/create_flow_run`;
    const run = await api.post(path, { parameters: { a: 1 } });
    await api.post("/block_types/", { name: "b", slug: "b" });
    await api.post("/ui/schemas/validate", { schema, values: { a: 1 } });

    expect([deployment.status, run.status].every((status) => status >= 400 || status === 201)).toBe(true);
    expect(visits).toBe(0);
    other.close();
  });
});

test("#22406: a redirect does not tell the host behind a proxy", async () => {
  await using server = await startTestServer();
  const { status, text } = await sendRaw(
    server.url,
    rawRequest("/api/flows", { headers: "Host: inner.cluster.local\r\n" }),
  );

  expect(status).toBe(307);
  expect(text).not.toContain("inner.cluster.local");
});

test("#21072: secrets are compared in constant time", () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, "../../../src/server", path), "utf8");

  expect(read("auth.ts")).toContain("timingSafeEqual");
  for (const path of ["auth.ts", "csrf.ts", "sockets/handshake.ts", "pages/sign-in.ts"]) {
    expect(read(path)).not.toMatch(/(?:token|secret|sent|given|expected)\s*[!=]==\s*(?:secret|expected|known)/);
  }
});

test("#21073: classes named in data are never made", async () => {
  await using server = await startTestServer();
  const api = createApi(server.apiUrl);
  const labels = { __exc_type__: "builtins.SystemExit", __proto__: { admin: true }, constructor: "x" };
  const body = JSON.stringify({ name: "f" }).replace("}", `,"labels":${JSON.stringify(labels)}}`);

  const made = await api.post("/flows/", JSON.parse(body));

  expect([201, 422]).toContain(made.status);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

describe("what is said of secrets", () => {
  test("settings show none", async () => {
    await using server = await startTestServer({
      env: { ...AUTH, PREFECT_API_KEY: "key-secret", PREFECT_SERVER_DATABASE_PASSWORD: "db-secret" },
    });
    const headers = { authorization: `Basic ${btoa(SECRET)}` };

    expect(await (await fetch(`${server.apiUrl}/admin/settings`, { headers })).text()).not.toMatch(
      /(?:key|db)-secret|admin:/,
    );
  });
});
