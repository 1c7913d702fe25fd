import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timestampFromMs } from "../../../src/kit/timestamp.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";

const SECRET = "admin:pä&ss=1";
const BROWSER = { accept: "text/html,application/xhtml+xml" };
const START_MS = Date.parse("2030-01-01T00:00:00Z");
const time = { ms: START_MS };
let server: RunningServer;
beforeAll(async () => {
  const clock = { nowMs: () => time.ms, now: () => timestampFromMs(time.ms) };
  server = await startTestServer({ env: { PREFECT_SERVER_API_AUTH_STRING: SECRET }, clock });
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

const signIn = (path: string, credentials: string) =>
  fetch(server.url + path, {
    method: "POST",
    body: new URLSearchParams({ credentials }),
    headers: BROWSER,
    redirect: "manual",
  });

async function cookieOf(answer: Response): Promise<string> {
  return answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
}

describe("a page that needs credentials", () => {
  test.each(["/", "/docs", "/runs/flow-run/00000000-0000-4000-8000-000000000000"])(
    "%s shows browsers a form, which leads back to it",
    async (path) => {
      const form = await get(path, BROWSER);
      const signedIn = await signIn(path, SECRET);
      const target = new URL(signedIn.headers.get("location") ?? "", server.url + path);

      expect([form.status, form.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
      expect(await form.text()).toContain('<input type="password" name="credentials"');
      expect([signedIn.status, target.href]).toEqual([303, server.url + path]);
      expect([200, 404]).toContain((await get(path, { ...BROWSER, cookie: await cookieOf(signedIn) })).status);
    },
  );

  test("is shown to those that send the credentials with the request", async () => {
    const authorization = `Basic ${Buffer.from(SECRET).toString("base64")}`;

    expect((await get("/", { authorization })).status).toBe(200);
  });

  test("tells others as the API does", async () => {
    const answer = await get("/", { accept: "*/*" });

    expect([answer.status, await answer.json()]).toEqual([401, { exception_message: "Unauthorized" }]);
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });

  test.each(["", "admin:wrong", SECRET.slice(0, -1), `${SECRET}x`])("does not open to %j", async (credentials) => {
    const answer = await signIn("/", credentials);

    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
    expect(await answer.text()).toContain("not the right ones");
  });
});

describe("the cookie", () => {
  test("is kept from scripts and from other sites", async () => {
    const cookie = (await signIn("/", SECRET)).headers.get("set-cookie");

    expect(cookie).toMatch(/^prefect_pages=\d+\.[0-9a-f]{64}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain("admin");
  });

  test("never opens the API, so that no site can act in its owner's name", async () => {
    const cookie = await cookieOf(await signIn("/", SECRET));

    expect((await get("/api/admin/version", { cookie, ...BROWSER })).status).toBe(401);
    expect((await get("/api/docs", { cookie, ...BROWSER })).status).toBe(401);
    const post = await fetch(`${server.apiUrl}/flows/filter`, { method: "POST", headers: { cookie } });
    expect(post.status).toBe(401);
  });

  test("ends, and cannot be lengthened", async () => {
    time.ms = START_MS;
    const cookie = await cookieOf(await signIn("/", SECRET));
    const [, until = "", proof = ""] = /=(\d+)\.(.*)/.exec(cookie) ?? [];
    const status = async (value: string) => (await get("/", { cookie: value })).status;

    expect(await status(`other=1; ${cookie}; more=2`)).toBe(200);
    expect(await status(`prefect_pages=${Number(until) + 1}.${proof}`)).toBe(401);
    expect(await status("prefect_pages=9999999999.")).toBe(401);
    expect(await status(`x${cookie}`)).toBe(401);
    time.ms = START_MS + 13 * 3_600_000;
    expect(await status(cookie)).toBe(401);
    time.ms = START_MS;
  });
});

test("a proxy that speaks HTTPS keeps the cookie off plain connections, if it is believed", async () => {
  const send = async (env: Record<string, string>) => {
    await using other = await startTestServer({ env: { PREFECT_SERVER_API_AUTH_STRING: SECRET, ...env } });
    const answer = await fetch(`${other.url}/`, {
      method: "POST",
      body: new URLSearchParams({ credentials: SECRET }),
      headers: { "x-forwarded-proto": "https" },
      redirect: "manual",
    });
    return answer.headers.get("set-cookie") ?? "";
  };

  expect(await send({})).toContain("; Secure");
  expect(await send({ PREFECT_SERVER_API_TRUSTED_PROXIES: "10.0.0.0/8" })).not.toContain("Secure");
});
