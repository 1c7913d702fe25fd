import { describe, expect, test } from "vitest";
import type { Clock } from "../../../src/kit/clock.ts";
import { timestampFromMs } from "../../../src/kit/timestamp.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { repossessLeases } from "../../../src/server/services/repossess-leases.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";

const ID = "00000000-0000-4000-8000-000000000001";

/** A clock that stands a microsecond apart at each reading until it is moved. */
function movableClock(): Clock & { advance(seconds: number): void } {
  let ms = Date.parse("2026-01-01T00:00:00Z");
  const nowMs = () => {
    ms += 0.001;
    return ms;
  };
  return {
    nowMs,
    now: () => timestampFromMs(nowMs()),
    advance: (seconds) => {
      ms += seconds * 1000;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any operation
  readonly body: any;
}

function client({ apiUrl }: RunningServer) {
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const json = { "content-type": "application/json" };
    const payload = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
    const response = await fetch(`${apiUrl}${path}`, { method, ...payload });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  const slots = async (name: string) => (await send("GET", `/v2/concurrency_limits/${name}`)).body.active_slots;
  return {
    post: (path: string, body?: unknown) => send("POST", path, body),
    slots,
    take: (name: string, more: object = {}) =>
      send("POST", "/v2/concurrency_limits/increment-with-lease", { names: [name], slots: 1, ...more }),
  };
}

describe.each(["sqlite", "postgresql"] as const)("concurrency leases on %s", (database) => {
  const lacks = database === "postgresql" && missing("postgresql");
  const start = (clock?: Clock) =>
    startTestServer({ database, postgresUrl: postgresUrl(), ...(clock === undefined ? {} : { clock }) });

  test.skipIf(lacks)("an expired lease gives its slots back once, a renewed one keeps them", async () => {
    const clock = movableClock();
    await using server = await start(clock);
    const api = client(server);
    await api.post("/v2/concurrency_limits/", { name: "three", limit: 3 });
    await api.take("three", { lease_duration: 60 });
    const kept = await api.take("three", { lease_duration: 60 });
    const renew = () => api.post(`/v2/concurrency_limits/leases/${kept.body.lease_id}/renew`, { lease_duration: 90 });

    clock.advance(50);
    const early = await repossessLeases(server.ctx);
    await renew();
    clock.advance(50);
    const both = await Promise.all([repossessLeases(server.ctx), repossessLeases(server.ctx)]);

    expect(early).toBe(0);
    expect(both.reduce((sum, count) => sum + count)).toBe(1);
    expect(await api.slots("three")).toBe(1);
    expect((await renew()).status).toBe(204);
  });

  test.skipIf(lacks)("of many who ask at once as many get a slot as there are", async () => {
    await using server = await start();
    const api = client(server);
    await api.post("/v2/concurrency_limits/", { name: "five", limit: 5 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => api.take("five")));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 423)).toHaveLength(15);
    expect(await api.slots("five")).toBe(5);
    for (const { status, headers } of answers) {
      if (status === 423) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  test.skipIf(lacks)("of many who give one lease back one does", async () => {
    await using server = await start();
    const api = client(server);
    await api.post("/v2/concurrency_limits/", { name: "two", limit: 2 });
    const [{ body }] = await Promise.all([api.take("two"), api.take("two")]);

    const give = () => api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id: body.lease_id });
    const answers = await Promise.all(Array.from({ length: 5 }, give));

    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect(await api.slots("two")).toBe(1);
  });

  test.skipIf(lacks)("all limits give a slot or none does", async () => {
    await using server = await start();
    const api = client(server);
    for (const name of ["free", "full"]) await api.post("/v2/concurrency_limits/", { name, limit: 1 });
    await api.take("full");

    const answer = await api.take("free", { names: ["free", "full"] });

    expect(answer.status).toBe(423);
    expect(await api.slots("free")).toBe(0);
  });

  test.skipIf(lacks)("resetting the limit on a tag frees every slot and gives one to each task run named", async () => {
    await using server = await start();
    const api = client(server);
    await api.post("/concurrency_limits/", { tag: "x", concurrency_limit: 2 });
    await api.take("tag:x");
    await api.take("tag:x");

    await api.post("/concurrency_limits/tag/x/reset", { slot_override: [ID] });
    const reset = await api.post("/concurrency_limits/filter");
    await api.post("/concurrency_limits/tag/x/reset", {});

    expect(reset.body).toMatchObject([{ tag: "x", active_slots: [ID] }]);
    expect(await api.slots("tag:x")).toBe(0);
  });

  test.skipIf(lacks)("a limit on a tag from the first generation still counts its task runs", async () => {
    await using server = await start();
    const api = client(server);
    await server.ctx.db.write((tx) =>
      tx.insertInto("concurrency_limit").values({ tag: "old", concurrency_limit: 1 }).execute(),
    );
    const body = { names: ["old"], task_run_id: ID };

    const taken = await api.post("/concurrency_limits/increment", body);
    const denied = await api.post("/concurrency_limits/increment", { ...body, task_run_id: ID.replace(/1$/, "2") });
    const given = await api.post("/concurrency_limits/decrement", body);

    expect(taken.body).toMatchObject([{ name: "old", limit: 1 }]);
    expect(denied.status).toBe(423);
    expect(given.body).toEqual(taken.body);
    expect((await api.post("/concurrency_limits/filter")).body).toMatchObject([{ tag: "old", active_slots: [] }]);
  });
});
