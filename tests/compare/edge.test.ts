import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { type ReferenceServer, startReference } from "../support/reference.ts";
import { missing } from "../support/require.ts";

const AUTH = `Basic ${btoa("admin:secret")}`;
const ENV = {
  PREFECT_SERVER_API_AUTH_STRING: "admin:secret",
  PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
  PREFECT_SERVER_CORS_ALLOWED_ORIGINS: "https://a.test,https://b.test",
  PREFECT_SERVER_CORS_ALLOWED_METHODS: "GET,POST",
  PREFECT_SERVER_CORS_ALLOWED_HEADERS: "x-one,authorization",
};

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const preflight = (origin: string, method: string, headers?: string): Asked => ({
  method: "OPTIONS",
  path: "/flows/filter",
  headers: {
    origin,
    "access-control-request-method": method,
    ...(headers === undefined ? {} : { "access-control-request-headers": headers }),
  },
});

const REQUESTS: readonly Asked[] = [
  { path: "/health" },
  { path: "/ready" },
  { path: "/version" },
  { path: "/admin/version" },
  { path: "/nothing" },
  { path: "/variables/name/health" },
  ...[
    "Basic",
    "Basic !!!",
    `basic ${btoa("admin:secret")}`,
    `Bearer ${btoa("admin:secret")}`,
    "Basic a b",
    `${AUTH}x`,
  ].map((authorization) => ({ path: "/admin/version", headers: { authorization } })),
  { path: "/admin/version", headers: { authorization: AUTH } },
  { path: "/nothing", headers: { authorization: AUTH } },
  { path: "/csrf-token" },
  { path: "/csrf-token", headers: { authorization: AUTH } },
  { method: "HEAD", path: "/health" },
  { method: "POST", path: "/health" },
  { method: "POST", path: "/flows/filter" },
  { method: "POST", path: "/flows/filter", headers: { authorization: AUTH } },
  { method: "POST", path: "/nothing", headers: { authorization: AUTH } },
  { method: "DELETE", path: "/flows/filter", headers: { authorization: AUTH } },
  { method: "POST", path: "/flows/filter", headers: { authorization: AUTH, "prefect-csrf-token": "a" } },
  {
    method: "POST",
    path: "/flows/filter",
    headers: { authorization: AUTH, "prefect-csrf-token": "a", "prefect-csrf-client": "b" },
  },
  preflight("https://a.test", "POST"),
  preflight("https://a.test", "POST", "x-one, authorization"),
  preflight("https://a.test", "POST", "x-two"),
  preflight("https://a.test", "DELETE", "X-One"),
  preflight("https://c.test", "PATCH", "x-two"),
  { path: "/admin/version", headers: { origin: "https://a.test", authorization: AUTH } },
  { path: "/admin/version", headers: { origin: "https://c.test", authorization: AUTH } },
  { path: "/admin/version", headers: { origin: "https://a.test" } },
];

async function answer(apiUrl: string, { method = "GET", path, headers = {} }: Asked) {
  const response = await fetch(apiUrl + path, { method, headers, redirect: "manual" });
  const shown = (name: string) => response.headers.get(name);
  return {
    asked: `${method} ${path} ${JSON.stringify(headers)}`,
    status: response.status,
    body: await response.text(),
    // The reference lets every site read that a token does not fit.
    origin: response.status === 403 ? null : shown("access-control-allow-origin"),
    credentials: shown("access-control-allow-credentials"),
    methods: shown("access-control-allow-methods")?.split(", ").sort(),
    headers: shown("access-control-allow-headers")
      ?.toLowerCase()
      .split(", ")
      .filter((name) => !SIMPLE.has(name))
      .sort(),
    challenge: shown("www-authenticate"),
  };
}

/** Browsers send these without asking; the reference lists them all the same. */
const SIMPLE = new Set(["accept", "accept-language", "content-language", "content-type"]);

describe.skipIf(missing("reference-3.9.1"))("credentials, CSRF tokens and CORS", () => {
  let reference: ReferenceServer;
  beforeAll(async () => {
    reference = await startReference({ env: ENV });
  }, 120_000);
  afterAll(() => reference[Symbol.asyncDispose]());

  test("are asked for and answered as by the reference", async () => {
    await using server = await startTestServer({ env: ENV });
    const all = async (apiUrl: string) => {
      const answers = [];
      for (const request of REQUESTS) answers.push(await answer(apiUrl, request));
      return answers;
    };

    expect(await all(server.apiUrl)).toEqual(await all(reference.apiUrl));
  });
});
