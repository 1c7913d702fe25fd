import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Logger } from "../../../src/kit/logger.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { eventRetention } from "../../../src/server/services/retention/events.ts";
import { flowRunRetention } from "../../../src/server/services/retention/flow-runs.ts";
import { orphanRetention } from "../../../src/server/services/retention/orphans.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { movableClock } from "../../support/movable-clock.ts";

const DAY = 86_400;
const YEAR = 365 * DAY;
/** Small, so that everything takes several transactions. */
const BATCH = { PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: "5" };
const TABLES = ["flow_run", "flow_run_state", "task_run", "task_run_state", "log", "artifact", "artifact_collection"];

forEachServer((start) => {
  const open = async (env: Readonly<Record<string, string>> = {}, log: Logger = silentLogger) => {
    const clock = movableClock();
    const server = await start({ clock, env: { ...BATCH, ...env }, log });
    const { ctx } = server;
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const createRun = async (state: object, of: object = {}) =>
      (await api.post("/flow_runs/", { flow_id, state, ...of })).id;
    /** A finished run with a subflow, three task runs, twelve logs and an artifact. */
    const createFinishedRun = async () => {
      const id = await createRun({ type: "RUNNING" });
      const task = async (dynamic_key: string) =>
        (await api.post("/task_runs/", { flow_run_id: id, task_key: "t", dynamic_key, state: { type: "RUNNING" } })).id;
      const parent_task_run_id = await task("0");
      for (const key of ["1", "2"]) await task(key);
      const child = await createRun({ type: "RUNNING" }, { parent_task_run_id });
      const log = { name: "l", level: 20, message: "m", timestamp: clock.now(), flow_run_id: id };
      await api.post("/logs/", Array(12).fill(log));
      await api.post("/artifacts/", { key: `k-${id}`, type: "markdown", data: "x", flow_run_id: id });
      for (const run of [child, id])
        await api.post(`/flow_runs/${run}/set_state`, {
          state: { type: "COMPLETED", data: { value: 1 } },
          force: true,
        });
      return id;
    };
    const count = async (table: string) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(ctx.db.read);
      return Number(rows[0]?.n);
    };
    const counts = async () =>
      Object.fromEntries(await Promise.all(TABLES.map(async (name) => [name, await count(name)])));
    return {
      clock,
      ctx,
      api,
      flow_id,
      createRun,
      createFinishedRun,
      count,
      counts,
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };

  test("a run goes a year after its end with all it left, and its subflow; what has not ended stays", async () => {
    await using at = await open();
    const unfinished = await at.createRun({ type: "RUNNING" });
    const scheduled = await at.createRun({ type: "SCHEDULED" });
    await at.createFinishedRun();
    const before = await at.counts();
    at.clock.pass(YEAR - 3600);
    const young = await at.createRun({ type: "COMPLETED" });
    expect(await flowRunRetention.tick(at.ctx)).toBe(0);
    expect(before).toMatchObject({ flow_run: 4, task_run: 3, log: 12, artifact: 4, artifact_collection: 1 });

    at.clock.pass(7200);
    expect(await flowRunRetention.tick(at.ctx)).toBeGreaterThan(15);

    const left = { flow_run: 3, flow_run_state: 3, task_run: 0, task_run_state: 0, log: 0, artifact: 0 };
    expect(await at.counts()).toEqual({ ...left, artifact_collection: 0 });
    for (const id of [unfinished, scheduled, young]) expect((await at.api.get(`/flow_runs/${id}`)).status).toBe(200);
  });

  test("the owner is told once, with the setting's name", async () => {
    const warnings: string[] = [];
    await using at = await open(
      {},
      { ...silentLogger, warn: (_what: object, message: string) => warnings.push(message) },
    );
    for (let time = 0; time < 2; time++) {
      await at.createRun({ type: "FAILED" });
      at.clock.pass(YEAR + 60);
      await flowRunRetention.tick(at.ctx);
    }

    expect(await at.count("flow_run")).toBe(0);
    expect(warnings).toEqual([expect.stringContaining("PREFECT_SERVER_RETENTION_FLOW_RUNS")]);
  });

  test.each([
    ["a month by our setting", { PREFECT_SERVER_RETENTION_FLOW_RUNS: "P30D" }, 30 * DAY],
    [
      "90 days where Python's vacuum is asked for",
      { PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: "flow_runs" },
      90 * DAY,
    ],
    ["a year by default", {}, YEAR],
  ])("runs are kept for %s", async (_title, env: Record<string, string>, seconds) => {
    await using at = await open(env);
    await at.createRun({ type: "CRASHED" });

    at.clock.pass(seconds - 60);
    expect(await flowRunRetention.tick(at.ctx)).toBe(0);
    at.clock.pass(120);
    expect(await flowRunRetention.tick(at.ctx)).toBe(1);
  });

  test("runs are kept for ever where the setting is 0", async () => {
    await using at = await open({ PREFECT_SERVER_RETENTION_FLOW_RUNS: "0" });

    expect(flowRunRetention.isEnabled(at.ctx.settings)).toBe(false);
  });

  test("task runs of no flow run go, too, with their logs", async () => {
    await using at = await open();
    const state = { type: "COMPLETED" };
    const { id: task_run_id } = await at.api.post("/task_runs/", { task_key: "t", dynamic_key: "0", state });
    await at.ctx.db.write((tx) => sql`update task_run set start_time = created, end_time = created`.execute(tx));
    await at.api.post("/logs/", [{ name: "l", level: 20, message: "m", timestamp: at.clock.now(), task_run_id }]);

    at.clock.pass(YEAR + 60);
    await flowRunRetention.tick(at.ctx);

    expect(await at.counts()).toMatchObject({ task_run: 0, task_run_state: 0, log: 0 });
  });

  test("events go after a week with their resources, heartbeats when their own setting says so", async () => {
    await using at = await open({
      PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES: '{"beat": "P1D", "slow": "P30D"}',
    });
    const eventOf = (event: string, daysAgo: number) => ({
      id: randomUUID(),
      event,
      occurred: at.clock.in(-daysAgo * DAY),
      resource: { "prefect.resource.id": "r" },
      related: [{ "prefect.resource.id": "s", "prefect.resource.role": "t" }],
    });
    const old = ["beat", "slow", "other"].flatMap((name) => Array.from({ length: 4 }, () => eventOf(name, 8)));
    const young = [eventOf("beat", 2), eventOf("slow", 2), eventOf("other", 2), eventOf("beat", 0.5)];
    const stored = await at.count("events");
    await at.api.post("/events", [...old, ...young]);

    expect(await eventRetention.tick(at.ctx)).toBe(old.length + 1);

    expect(await at.count("events")).toBe(stored + 3);
    const orphans = await sql`select id from event_resources where event_id not in (select id from events)`.execute(
      at.ctx.db.read,
    );
    expect(orphans.rows).toEqual([]);
  });

  test("logs and artifacts of runs that are gone are found, and those of others left alone", async () => {
    await using at = await open();
    const runs = await Promise.all(Array.from({ length: 12 }, () => at.createRun({ type: "RUNNING" })));
    const gone = Array.from({ length: 12 }, () => randomUUID());
    for (const flow_run_id of [...runs, ...gone]) {
      const log = { name: "l", level: 20, message: "m", timestamp: at.clock.now(), flow_run_id };
      await at.api.post("/logs/", [log, log]);
      await at.api.post("/artifacts/", { type: "markdown", data: "x", flow_run_id });
    }

    expect(await orphanRetention.tick(at.ctx)).toBe(36);

    expect(await at.counts()).toMatchObject({ log: 24, artifact: 12 });
    expect(await orphanRetention.tick(at.ctx)).toBe(0);
  });

  test("old logs go before their run, and those of no run", async () => {
    await using at = await open({ PREFECT_SERVER_RETENTION_LOGS: "P10D" });
    const flow_run_id = await at.createRun({ type: "RUNNING" });
    const log = (daysAgo: number) => ({
      ...{ name: "l", level: 20, message: `${daysAgo}`, timestamp: at.clock.in(-daysAgo * DAY) },
    });
    await at.api.post(
      "/logs/",
      [9, 11, 11, 11, 11, 11, 11].map((days) => ({ ...log(days), flow_run_id })),
    );
    await at.api.post("/logs/", [9, 11].map(log));

    expect(await orphanRetention.tick(at.ctx)).toBe(7);

    const { rows } = await sql<{ message: string }>`select message from log`.execute(at.ctx.db.read);
    expect(rows.map(({ message }) => message)).toEqual(["9", "9"]);
  });

  test("of the artifacts of a key the newest stays, however old", async () => {
    await using at = await open();
    for (const data of ["first", "second", "third"]) {
      for (const key of ["a", "b"]) await at.api.post("/artifacts/", { key, type: "markdown", data });
    }
    await at.api.post("/artifacts/", { type: "result", data: "no key" });

    at.clock.pass(YEAR - 60);
    expect(await orphanRetention.tick(at.ctx)).toBe(0);
    at.clock.pass(120);
    expect(await orphanRetention.tick(at.ctx)).toBe(4);

    const { rows } = await sql<{ data: string }>`select data from artifact order by id`.execute(at.ctx.db.read);
    expect(rows.map(({ data }) => JSON.parse(data))).toEqual(["third", "third", "no key"]);
  });

  test("a collection whose newest artifact is gone falls back to the one before, or goes", async () => {
    await using at = await open();
    for (const key of ["a", "a", "b"]) await at.api.post("/artifacts/", { key, type: "markdown", data: key });
    await at.ctx.db.write((tx) =>
      sql`delete from artifact where id in (select latest_id from artifact_collection)`.execute(tx),
    );

    expect(await orphanRetention.tick(at.ctx)).toBe(2);

    const { rows } = await sql<{ key: string; there: unknown }>`
      select key, (select count(*) from artifact where id = latest_id) as there from artifact_collection`.execute(
      at.ctx.db.read,
    );
    expect(rows.map(({ key, there }) => [key, Number(there)])).toEqual([["a", 1]]);
  });

  test("a server that stops lets go of a long tick", async () => {
    await using at = await open();
    for (let run = 0; run < 5; run++) await at.createRun({ type: "COMPLETED" });
    at.clock.pass(YEAR + 60);
    const stopping = new AbortController();
    stopping.abort();

    await flowRunRetention.tick(at.ctx, stopping.signal);

    expect(await at.count("flow_run")).toBe(3);
  });
});
