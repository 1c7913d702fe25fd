import { expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../../src/client/link.ts";
import { csrfLink } from "../../../src/client/links/csrf.ts";

const post: HttpRequest = { method: "POST", path: "/flows/", headers: {}, body: "{}" };
const token = (text: string): HttpResponse => ({
  status: 200,
  headers: {},
  text: JSON.stringify({ token: text, expiration: "2030-01-01T01:00:00Z" }),
});
const nowMs = () => Date.parse("2030-01-01T00:00:00Z");

test("asks for a token once and signs every change with it", async () => {
  const seen: HttpRequest[] = [];
  const send = csrfLink(
    "me",
    nowMs,
  )(async (request) => {
    seen.push(request);
    return request.path.startsWith("/csrf-token") ? token("t1") : { status: 201, headers: {}, text: "" };
  });

  await send(post);
  await send(post);

  expect(seen.map((request) => request.path)).toEqual(["/csrf-token?client=me", "/flows/", "/flows/"]);
  expect(seen[2]?.headers).toEqual({ "prefect-csrf-token": "t1", "prefect-csrf-client": "me" });
});

test("sends no token to a server without the protection, and does not ask again", async () => {
  const seen: string[] = [];
  const send = csrfLink(
    "me",
    nowMs,
  )(async (request) => {
    seen.push(request.path);
    return { status: request.path.startsWith("/csrf-token") ? 422 : 201, headers: {}, text: "" };
  });

  await send(post);
  await send(post);

  expect(seen).toEqual(["/csrf-token?client=me", "/flows/", "/flows/"]);
});

test("gets a new token when the server no longer accepts the old one", async () => {
  let issued = 0;
  const send = csrfLink(
    "me",
    nowMs,
  )(async (request) => {
    if (request.path.startsWith("/csrf-token")) return token(`t${++issued}`);
    const isCurrent = request.headers["prefect-csrf-token"] === "t2";
    return isCurrent
      ? { status: 201, headers: {}, text: "" }
      : { status: 403, headers: {}, text: "Invalid CSRF token or client identifier." };
  });

  expect((await send(post)).status).toBe(201);
});
