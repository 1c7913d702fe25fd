import { expect, test } from "vitest";
import { timestampFromMs } from "../../src/kit/timestamp.ts";
import { createApi } from "../compare/api.ts";
import { forEachServer } from "../support/for-each-server.ts";

const env = { PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED: "true", PREFECT_SERVER_API_CSRF_TOKEN_EXPIRATION: "60" };

forEachServer((start) => {
  test("what changes something needs the client's newest token", async () => {
    await using server = await start({ env });
    const api = createApi(server.apiUrl);
    const create = (headers: Record<string, string>) => api.post("/flows/", { name: "f" }, { headers });
    const old = await api.get("/csrf-token?client=me");
    const token = String((await api.get("/csrf-token?client=me")).at("token"));
    const client = "me";

    const detail = async (headers: Record<string, string>) => (await create(headers)).at("detail");

    expect(await detail({})).toBe("Missing CSRF token.");
    expect(await detail({ "prefect-csrf-token": token })).toBe("Missing client identifier.");
    const invalid = "Invalid CSRF token or client identifier.";
    expect(await detail({ "prefect-csrf-token": token, "prefect-csrf-client": "you" })).toBe(invalid);
    expect(await detail({ "prefect-csrf-token": String(old.at("token")), "prefect-csrf-client": client })).toBe(
      invalid,
    );
    expect(await create({ "prefect-csrf-token": token, "prefect-csrf-client": client })).toMatchObject({ status: 201 });
    expect((await api.get("/flows/name/f")).status).toBe(200);
  });

  test("a token expires", async () => {
    const startMs = Date.parse("2030-01-01");
    const time = { ms: startMs };
    const clock = { nowMs: () => time.ms, now: () => timestampFromMs(time.ms) };
    await using server = await start({ env, clock });
    const api = createApi(server.apiUrl);
    const token = String((await api.get("/csrf-token?client=me")).at("token"));
    const headers = { "prefect-csrf-token": token, "prefect-csrf-client": "me" };

    time.ms = startMs + 59_000;
    const before = await api.post("/flows/filter", {}, { headers });
    time.ms = startMs + 61_000;
    const after = await api.post("/flows/filter", {}, { headers });

    expect([before.status, after.status]).toEqual([200, 403]);
  });
});
