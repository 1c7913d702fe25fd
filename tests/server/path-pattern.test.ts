import { describe, expect, test } from "vitest";
import { allowedMethods } from "../../src/server/allowed-methods.ts";
import { pathPattern } from "../../src/server/path-pattern.ts";
import { route } from "../../src/server/route.ts";

const uuid = "019aaf3e-1e5b-7123-9e3e-aaaa1e2e3e4e";

test.each([
  { path: "/flows/{id:uuid}", matched: [`/flows/${uuid}`, `/flows/${uuid.toUpperCase().replaceAll("-", "")}`] },
  { path: "/flows/{id:uuid}", unmatched: ["/flows/", "/flows/a", `/flows/${uuid}0`, `/flows/${uuid}/a`] },
  { path: "/variables/name/{name}", matched: ["/variables/name/a", "/variables/name/%2F"] },
  { path: "/variables/name/{name}", unmatched: ["/variables/name/", "/variables/name/a/b"] },
  { path: "/openapi.json", matched: ["/openapi.json"], unmatched: ["/openapiXjson"] },
])("$path matches $matched and not $unmatched", ({ path, matched = [], unmatched = [] }) => {
  const pattern = new RegExp(`^${pathPattern(path)}$`);
  expect(matched.filter((one) => !pattern.test(one))).toEqual([]);
  expect(unmatched.filter((one) => pattern.test(one))).toEqual([]);
});

describe("the methods a path is known to", () => {
  const base = { operationId: "x", tag: "x", summary: "x", handle: async () => null };
  const methodsOf = allowedMethods(
    [
      route({ ...base, method: "GET", path: "/pools/{name}" }),
      route({ ...base, method: "DELETE", path: "/pools/{name}" }),
      route({ ...base, method: "POST", path: "/pools/filter" }),
    ],
    "/api",
  );

  test.each([
    { url: "/api/pools/a", methods: ["GET", "DELETE"] },
    { url: "/api/pools/a?b=/c", methods: ["GET", "DELETE"] },
    { url: "/api/pools/filter", methods: ["GET", "DELETE", "POST"] },
    { url: "/pools/a", methods: [] },
    { url: "/api/pools/", methods: [] },
  ])("are for $url $methods", ({ url, methods }) => {
    expect(methodsOf(url)).toEqual(methods);
  });
});
