import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sameText } from "../../src/server/auth.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { rawRequest, sendRaw } from "../support/raw-http.ts";

const SECRET = "admin:pä:ss";
const encoded = Buffer.from(SECRET).toString("base64");

describe("with server.api.auth_string set", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { PREFECT_SERVER_API_AUTH_STRING: SECRET } });
  });
  afterAll(() => server.stop());

  const status = async (path: string, authorization?: string, method = "GET") => {
    const headers = authorization === undefined ? {} : { authorization };
    return (await fetch(`${server.url}${path}`, { method, headers })).status;
  };

  test.each([
    undefined,
    "",
    "Basic",
    `basic ${encoded}`,
    `Bearer ${encoded}`,
    `Basic ${encoded.slice(0, -4)}`,
    `Basic ${Buffer.from("admin:wrong").toString("base64")}`,
    `Basic ${SECRET.slice(0, 5)}`,
    `Basic ${encoded}, Basic ${encoded}`,
  ])("the credentials %j let nobody in", async (authorization) => {
    const answer = await fetch(`${server.apiUrl}/admin/version`, { headers: authorization ? { authorization } : {} });
    expect([answer.status, await answer.json()]).toEqual([401, { exception_message: "Unauthorized" }]);
  });

  test("the right ones let one in", async () => {
    expect(await status("/api/admin/version", `Basic ${encoded}`)).toBe(200);
  });

  test.each([
    { path: "/api/health", method: "GET", expected: 200 },
    { path: "/api/ready", method: "GET", expected: 200 },
    { path: "/api/health", method: "POST", expected: 401 },
    { path: "/api/variables/name/health", method: "GET", expected: 401 },
    { path: "/api/nothing", method: "GET", expected: 401 },
    { path: "/api/health/../admin/version", method: "GET", expected: 401 },
    { path: "/api/%61dmin/version", method: "GET", expected: 401 },
    { path: "/%61pi/admin/version", method: "GET", expected: 401 },
    { path: "/api/flows/filter", method: "POST", expected: 401 },
    { path: "/api/flows/filter", method: "PUT", expected: 401 },
    { path: "/api/docs", method: "GET", expected: 401 },
    { path: "/", method: "GET", expected: 401 },
  ])("$method $path without credentials gets $expected", async ({ path, method, expected }) => {
    expect(await status(path, undefined, method)).toBe(expected);
  });

  test.each(["/api/health", "/api/health?x=/admin", "/api/ready"])("a probe of %s is answered", async (target) => {
    expect((await sendRaw(server.url, rawRequest(target))).status).toBe(200);
  });

  test.each([
    ["HEAD", "/api/health"],
    ["OPTIONS", "/api/health"],
    ["GET", "/api/health/"],
    ["GET", "/api/ready/"],
    ["GET", "/api/HEALTH"],
    ["GET", "/API/health"],
    ["GET", "/api//health"],
    ["GET", "//api/health"],
    ["GET", "/api/health;x"],
    ["GET", "/api/./health"],
    ["GET", "/api/health/../flows/"],
    ["GET", "/api/%2e%2e/api/admin/version"],
    ["GET", "/api/admin%2Fversion"],
    ["GET", "/api/admin/version?/api/health"],
    ["GET", "/api/admin/version#/api/health"],
    ["GET", "/api/admin/version/api/health"],
    ["GET", "/api/variables/name/health"],
    ["GET", "/api/variables/name/x-ready"],
    ["GET", "/api/artifacts/health/latest"],
    ["GET", "http://here/api/health/../admin/version"],
    ["GET", "http://here/api/admin/version"],
    ["POST", "/api/health"],
    ["DELETE", "/api/ready"],
    ["GET", "*"],
  ])("nothing is told by %s %s", async (method, target) => {
    const { status, text } = await sendRaw(server.url, rawRequest(target, { method }));

    expect([400, 401, 404]).toContain(status);
    expect(text).not.toContain("3.9.1");
    if (target.startsWith("/api/")) expect(status).toBe(401);
  });

  test.each([
    ["GET", "/api/flows"],
    ["POST", "/api/flows"],
    ["PUT", "/api/flows/filter"],
  ])("%s %s, which would be sent on or told its methods, is refused first", async (method, path) => {
    expect(await status(path, undefined, method)).toBe(401);
  });

  test("nobody's body is read before that", async () => {
    const answer = await fetch(`${server.apiUrl}/flows/filter`, {
      method: "POST",
      body: "not JSON",
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(401);
  });

  test("the version of the API is told to none but those let in", async () => {
    const answer = await fetch(`${server.apiUrl}/hello`, { headers: { "x-prefect-api-version": "0.1.0" } });
    expect(answer.status).toBe(401);
  });
});

test.each([
  ["a", "a", true],
  ["", "", true],
  ["a", "b", false],
  ["a", "aa", false],
  ["ä", "a", false],
])("sameText(%j, %j) is %s", (a, b, expected) => {
  expect(sameText(a, b)).toBe(expected);
});
