import { expect, test } from "vitest";
import { type Route, route } from "../../src/server/route.ts";
import { slashRedirect } from "../../src/server/slash-redirect.ts";

const base = { method: "GET", operationId: "x", tag: "x", summary: "x", handle: async () => null } as const;
const routes: readonly Route[] = ["/flows/", "/flows/{id:uuid}", "/flows/name/{name}", "/events"].map((path) =>
  route({ ...base, path }),
);
const redirect = slashRedirect(routes, "/a.b/api");
const ID = "00000000-0000-4000-8000-000000000000";

test.each([
  ["/a.b/api/flows", "/a.b/api/flows/"],
  ["/a.b/api/flows?x=1?", "/a.b/api/flows/?x=1?"],
  ["/a.b/api/events/", "/a.b/api/events"],
  [`/a.b/api/flows/${ID}/?y`, `/a.b/api/flows/${ID}?y`],
  ["/a.b/api/flows/name/a%2Fb/", "/a.b/api/flows/name/a%2Fb"],
])("%s belongs at %s", (url, target) => {
  expect(redirect({ origin: "http://here", url })).toMatchObject({
    status: 307,
    headers: { location: `http://here${target}` },
  });
});

test.each([
  "/a.b/api/nothing/",
  "/acb/api/flows",
  "/flows",
  "//elsewhere/a.b/api/flows",
  "/a.b/api/flows/not-an-id/",
  "/",
])("%s belongs nowhere", (url) => {
  expect(redirect({ origin: "http://here", url })).toBeUndefined();
});
