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
  ["/a.b/api/flows", "./flows/"],
  ["/a.b/api/flows?x=1?", "./flows/?x=1?"],
  ["/a.b/api/events/", "../events"],
  [`/a.b/api/flows/${ID}/?y`, `../${ID}?y`],
  ["/a.b/api/flows/name/a%2Fb:c/", "../a%2Fb:c"],
])("%s belongs at %s from there, behind whatever host and prefix", (url, location) => {
  const [path = ""] = url.split("?");
  const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;

  expect(redirect(url)).toMatchObject({ status: 307, headers: { location } });
  expect(new URL(location, `https://proxy.test/prefix${url}`).pathname).toBe(`/prefix${other}`);
});

test.each([
  "/a.b/api/nothing/",
  "/acb/api/flows",
  "/flows",
  "//elsewhere/a.b/api/flows",
  "/a.b/api/flows/not-an-id/",
  "/",
])("%s belongs nowhere", (url) => {
  expect(redirect(url)).toBeUndefined();
});
