import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Db } from "../../../src/db/database.ts";
import { recentDeployments, scheduler } from "../../../src/server/services/scheduler.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const HOURLY = { interval: 3600, anchor_date: "2020-01-01T00:00:00Z" };

forEachServer((start, kind) => {
  type Opened = Awaited<ReturnType<typeof open>>;
  const open = async (body: object, env: Readonly<Record<string, string>> = {}) => {
    const server = await start({ env });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const { id } = await api.post("/deployments/", {
      name: "d",
      flow_id,
      tags: ["x"],
      parameters: { a: 1, b: 1 },
      ...body,
    });
    const runs = async () =>
      (await api.post("/flow_runs/filter", { sort: "NEXT_SCHEDULED_START_TIME_ASC" })).body as Record<string, never>[];
    return { server, api, id, flow_id, runs, [Symbol.asyncDispose]: () => server.stop() };
  };

  test("an hourly schedule gets three runs, and no more the second time", async () => {
    await using at = await open({ schedules: [{ schedule: HOURLY, slug: "hourly", parameters: { b: 2 } }] });

    expect(await scheduler.tick(at.server.ctx)).toBe(3);
    expect(await scheduler.tick(at.server.ctx)).toBe(0);

    const runs = await at.runs();
    expect(runs).toHaveLength(3);
    const [schedule] = (await at.api.get(`/deployments/${at.id}/schedules`)).body as { id: string }[];
    expect(runs[0]).toMatchObject({
      deployment_id: at.id,
      parameters: { a: 1, b: 2 },
      tags: ["auto-scheduled", "x"],
      auto_scheduled: true,
      state_name: "Scheduled",
      created_by: { id: schedule?.id, type: "SCHEDULE", display_value: "hourly" },
      state: { message: "Flow run scheduled" },
    });
    const due = String(runs[0]?.next_scheduled_start_time);
    expect(runs[0]?.idempotency_key).toBe(
      `scheduled ${at.id} ${schedule?.id} ${due.replace("T", " ").replace("Z", "+00:00")}`,
    );
  });

  test("a minutely schedule is filled for an hour", async () => {
    await using at = await open({ schedules: [{ schedule: { cron: "* * * * *" } }] });

    const made = await recentDeployments.tick(at.server.ctx);

    expect(made).toBeGreaterThanOrEqual(60);
    expect(made).toBeLessThanOrEqual(62);
  });

  test.each([
    ["a paused deployment", { paused: true, schedules: [{ schedule: HOURLY }] }],
    ["an inactive schedule", { schedules: [{ schedule: HOURLY, active: false }] }],
    ["no schedule", {}],
  ])("%s gets no runs", async (_title, body) => {
    await using at = await open(body);

    expect((await scheduler.tick(at.server.ctx)) + (await recentDeployments.tick(at.server.ctx))).toBe(0);
  });

  test.each([
    ["is paused", (at: Opened) => at.api.post(`/deployments/${at.id}/pause_deployment`)],
    ["is deleted", (at: Opened) => at.api.delete(`/deployments/${at.id}`)],
    ["is changed", (at: Opened) => at.api.patch(`/deployments/${at.id}`, { parameters: { a: 2 } })],
    [
      "gets another schedule",
      (at: Opened) => at.api.patch(`/deployments/${at.id}`, { schedules: [{ schedule: HOURLY }] }),
    ],
  ])("a deployment that %s while it is being planned gets no runs of what it was", async (_title, change) => {
    await using at = await open({ schedules: [{ schedule: { cron: "* * * * *" } }] });
    const { ctx } = at.server;
    const write = async <T>(unit: (tx: Db) => Promise<T>) => {
      await change(at);
      return await ctx.db.write(unit);
    };

    expect(await scheduler.tick({ ...ctx, db: { ...ctx.db, write } })).toBe(0);

    expect(await at.runs()).toEqual([]);
  });

  test.each([
    ["deleted", (at: Opened) => at.api.delete(`/deployments/${at.id}`)],
    ["paused", (at: Opened) => at.api.post(`/deployments/${at.id}/pause_deployment`)],
    ["changed", (at: Opened) => at.api.patch(`/deployments/${at.id}`, { tags: ["y"] })],
  ])("runs that are made in the moment their deployment is %s go", async (_title, change) => {
    await using at = await open({ schedules: [{ schedule: { cron: "* * * * *" } }] });
    const { ctx } = at.server;
    const waits = async () => {
      const { rows } =
        await sql`select 1 from pg_locks join pg_database on pg_database.oid = database or database is null
        where not granted and datname = current_database()`.execute(ctx.db.read);
      return rows.length > 0;
    };
    let changing: Promise<unknown> = Promise.resolve();
    const write = <T>(unit: (tx: Db) => Promise<T>) =>
      ctx.db.write(async (tx) => {
        const made = await unit(tx);
        changing = change(at);
        if (kind === "postgresql") await waitUntil("the change waits for the scheduler", waits);
        return made;
      });

    expect(await scheduler.tick({ ...ctx, db: { ...ctx.db, write } })).toBeGreaterThan(50);
    await changing;

    expect(await at.runs()).toEqual([]);
  });

  test("a schedule that cannot be read keeps no other from being planned, however small the batches", async () => {
    const env = {
      PREFECT_SERVER_SERVICES_SCHEDULER_DEPLOYMENT_BATCH_SIZE: "2",
      PREFECT_SERVER_SERVICES_SCHEDULER_INSERT_BATCH_SIZE: "5",
    };
    await using at = await open({ schedules: [{ schedule: HOURLY }] }, env);
    for (const name of ["b", "c", "e", "g", "h"]) {
      await at.api.post("/deployments/", { name, flow_id: at.flow_id, schedules: [{ schedule: HOURLY }] });
    }
    await at.server.ctx.db.write((tx) =>
      sql`update deployment_schedule set schedule = '{"rrule": "FREQ=NEVER"}' where deployment_id = ${at.id}`.execute(
        tx,
      ),
    );

    expect(await scheduler.tick(at.server.ctx)).toBe(15);

    expect(new Set((await at.runs()).map((run) => run.deployment_id)).size).toBe(5);
  });

  test("pausing deletes the runs made ahead; runs made by hand stay", async () => {
    await using at = await open({ schedules: [{ schedule: HOURLY }] });
    await scheduler.tick(at.server.ctx);
    const byHand = await at.api.post(`/deployments/${at.id}/create_flow_run`, {});

    await at.api.post(`/deployments/${at.id}/pause_deployment`);

    expect((await at.runs()).map(({ id }) => id)).toEqual([byHand.id]);
  });

  test("a stretch of the past is filled on request", async () => {
    await using at = await open({ schedules: [{ schedule: HOURLY }] });

    await at.api.post(`/deployments/${at.id}/schedule`, {
      start_time: "2026-01-01T00:30:00Z",
      end_time: "2026-01-01T04:00:00Z",
      min_runs: 10,
    });

    expect((await at.runs()).map((run) => run.expected_start_time)).toEqual(
      ["01", "02", "03", "04"].map((hour) => `2026-01-01T${hour}:00:00Z`),
    );
  });
});
