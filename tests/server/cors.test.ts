import { describe, expect, test } from "vitest";
import { createCors } from "../../src/server/cors.ts";
import { loadSettings } from "../../src/settings/index.ts";

const cors = (env: Record<string, string> = {}) =>
  createCors(
    loadSettings({ env: { PREFECT_PROFILES_PATH: "/nonexistent", ...env }, cwd: "/", homeDir: "/nonexistent" }),
  );
const preflight = {
  origin: "http://a",
  "access-control-request-method": "PATCH",
  "access-control-request-headers": "X-One, x-two",
};

describe("with the default settings", () => {
  test("every origin may read answers", () => {
    expect(cors().headersFor({ origin: "http://a" })).toEqual({ vary: "Origin", "access-control-allow-origin": "*" });
    expect(cors().headersFor({})).toEqual({ vary: "Origin" });
  });

  test("a preflight is granted what it asks for", () => {
    expect(cors().preflight("OPTIONS", preflight)).toMatchObject({
      status: 200,
      headers: { "access-control-allow-headers": "X-One, x-two", "access-control-max-age": "600" },
    });
  });

  test.each([
    { name: "another method", method: "POST", headers: preflight },
    { name: "no origin", method: "OPTIONS", headers: { ...preflight, origin: undefined } },
    { name: "no method asked for", method: "OPTIONS", headers: { origin: "http://a" } },
  ])("a request with $name is no preflight", ({ method, headers }) => {
    expect(cors().preflight(method, headers)).toBeUndefined();
  });
});

describe("with lists", () => {
  const strict = cors({
    PREFECT_SERVER_CORS_ALLOWED_ORIGINS: "http://a, http://b",
    PREFECT_SERVER_CORS_ALLOWED_METHODS: "GET,PATCH",
    PREFECT_SERVER_CORS_ALLOWED_HEADERS: "x-one",
  });

  test("only those origins are named", () => {
    expect(strict.headersFor({ origin: "http://b" })).toMatchObject({ "access-control-allow-origin": "http://b" });
    expect(strict.headersFor({ origin: "http://c" })).toEqual({ vary: "Origin" });
  });

  test.each([
    { asked: { ...preflight, "access-control-request-headers": "x-one" }, status: 200, body: "OK" },
    { asked: preflight, status: 400, body: "Disallowed CORS headers" },
    {
      asked: { ...preflight, origin: "http://c", "access-control-request-method": "PUT" },
      status: 400,
      body: "Disallowed CORS origin, method, headers",
    },
  ])("a preflight is answered $body", ({ asked, status, body }) => {
    expect(strict.preflight("OPTIONS", asked)).toMatchObject({ status, body });
  });
});
