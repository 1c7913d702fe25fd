import { describe, expect, test } from "vitest";
import { API_VERSION, checkApiVersion, clientVersion } from "../../src/server/api-version.ts";

describe("the version header", () => {
  test.each([undefined, API_VERSION, "0.8.0", "0.8.99", "0.9.0", "1.0.0", "10.0.0"])("%s is served", (version) => {
    expect(() =>
      checkApiVersion(version === undefined ? {} : { "x-prefect-api-version": version }, "/hello"),
    ).not.toThrow();
  });

  test.each([
    { version: "0.7.9", code: "API_VERSION_TOO_OLD" },
    { version: "0.0.0", code: "API_VERSION_TOO_OLD" },
    { version: "0.8", code: "INVALID_API_VERSION" },
    { version: "", code: "INVALID_API_VERSION" },
    { version: "a.b.c", code: "INVALID_API_VERSION" },
    { version: "0.8.4, 0.8.4", code: "INVALID_API_VERSION" },
  ])("$version is refused: $code", ({ version, code }) => {
    const check = () => checkApiVersion({ "x-prefect-api-version": version }, "/hello");
    expect(check).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  test.each(["/health", "/version"])("does not matter to %s", (path) => {
    expect(() => checkApiVersion({ "x-prefect-api-version": "0.1.0" }, path)).not.toThrow();
  });
});

test.each([
  { headers: {}, client: {} },
  { headers: { "user-agent": "curl/8" }, client: {} },
  { headers: { "user-agent": "prefect/3.9.1 (API 0.8.4)" }, client: { version: "3.9.1" } },
  {
    headers: { "user-agent": "prefect/3.1.7 (API 0.8.4)", "x-prefect-api-version": "0.8.4" },
    client: { version: "3.1.7", apiVersion: "0.8.4" },
  },
])("the client behind $headers is $client", ({ headers, client }) => {
  expect(clientVersion(headers)).toEqual(client);
});
