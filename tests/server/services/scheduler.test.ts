import { expect, test } from "vitest";
import { recentDeployments, scheduler } from "../../../src/server/services/scheduler.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const HOURLY = { interval: 3600, anchor_date: "2020-01-01T00:00:00Z" };

forEachServer((start) => {
  const open = async (body: object) => {
    const server = await start();
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
    return { server, api, id, runs, [Symbol.asyncDispose]: () => server.stop() };
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
