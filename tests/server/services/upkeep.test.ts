import { expect, test } from "vitest";
import { cancellation } from "../../../src/server/services/cancellation.ts";
import { foreman } from "../../../src/server/services/foreman.ts";
import { lateRuns } from "../../../src/server/services/late-runs.ts";
import { pauseExpirations } from "../../../src/server/services/pause-expirations.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { movableClock } from "../../support/movable-clock.ts";

forEachServer((start) => {
  const open = async () => {
    const clock = movableClock();
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    return { clock, server, ctx: server.ctx, api, flow_id, [Symbol.asyncDispose]: () => server.stop() };
  };

  test("a run 15 s overdue becomes Late and keeps its time", async () => {
    await using at = await open();
    const scheduled_time = at.clock.in(60);
    const state = { type: "SCHEDULED", state_details: { scheduled_time } };
    const run = await at.api.post("/flow_runs/", { flow_id: at.flow_id, state });

    at.clock.pass(70);
    expect(await lateRuns.tick(at.ctx)).toBe(0);
    at.clock.pass(10);
    expect(await lateRuns.tick(at.ctx)).toBe(1);

    const { body } = await at.api.get(`/flow_runs/${run.id}`);
    expect(body).toMatchObject({ state_name: "Late", next_scheduled_start_time: scheduled_time });
    expect(await lateRuns.tick(at.ctx)).toBe(0);
  });

  test("a run that is paused for too long fails", async () => {
    await using at = await open();
    const run = await at.api.post("/flow_runs/", { flow_id: at.flow_id, state: { type: "RUNNING" } });
    const state = { type: "PAUSED", state_details: { pause_timeout: at.clock.in(30) } };
    await at.api.post(`/flow_runs/${run.id}/set_state`, { state, force: true });

    expect(await pauseExpirations.tick(at.ctx)).toBe(0);
    at.clock.pass(31);
    expect(await pauseExpirations.tick(at.ctx)).toBe(1);

    const { body } = await at.api.get(`/flow_runs/${run.id}`);
    expect(body).toMatchObject({ state: { type: "FAILED", message: "The flow was paused and never resumed." } });
  });

  test("a cancellation that nobody carries out ends after 300 s", async () => {
    await using at = await open();
    const run = await at.api.post("/flow_runs/", { flow_id: at.flow_id, state: { type: "RUNNING" } });
    await at.api.post(`/flow_runs/${run.id}/set_state`, { state: { type: "CANCELLING" }, force: true });

    at.clock.pass(290);
    expect(await cancellation.tick(at.ctx)).toBe(0);
    at.clock.pass(20);
    expect(await cancellation.tick(at.ctx)).toBe(1);

    const { body } = await at.api.get(`/flow_runs/${run.id}`);
    expect(body).toMatchObject({ state: { type: "CANCELLED", message: expect.stringContaining("timed out") } });
  });

  test("what is left below a cancelled run is cancelled", async () => {
    await using at = await open();
    const run = await at.api.post("/flow_runs/", { flow_id: at.flow_id, state: { type: "RUNNING" } });
    const key = { flow_run_id: run.id, task_key: "t", state: { type: "RUNNING" } };
    const task = await at.api.post("/task_runs/", { ...key, dynamic_key: "0" });
    const stand = await at.api.post("/task_runs/", { ...key, dynamic_key: "1" });
    const subflow = await at.api.post("/flow_runs/", {
      flow_id: at.flow_id,
      parent_task_run_id: stand.id,
      state: { type: "RUNNING" },
    });
    await at.api.post(`/flow_runs/${run.id}/set_state`, { state: { type: "CANCELLED" }, force: true });

    await cancellation.tick(at.ctx);

    const cancelled = { state: { type: "CANCELLED", message: "The parent flow run was cancelled." } };
    expect((await at.api.get(`/task_runs/${task.id}`)).body).toMatchObject(cancelled);
    expect((await at.api.get(`/flow_runs/${subflow.id}`)).body).toMatchObject(cancelled);
  });

  test("a silent worker is offline, and its pool, queue and deployments are not ready any more", async () => {
    await using at = await open();
    await at.api.post("/work_pools/", { name: "p", type: "process" });
    const { id } = await at.api.post("/deployments/", { name: "d", flow_id: at.flow_id, work_pool_name: "p" });
    await at.api.post("/work_pools/p/workers/heartbeat", { name: "w", heartbeat_interval_seconds: 10 });
    await at.api.post("/work_pools/p/get_scheduled_flow_runs", {});
    const statuses = async () => [
      (await at.api.get("/work_pools/p")).at("status"),
      (await at.api.get("/work_pools/p/queues/default")).at("status"),
      (await at.api.get(`/deployments/${id}`)).at("status"),
    ];
    await at.api.until(
      () => at.api.get(`/deployments/${id}`),
      (answer) => answer.at("status") === "READY",
    );
    expect(await statuses()).toEqual(["READY", "READY", "READY"]);

    expect(await foreman.tick(at.ctx)).toBe(0);
    at.clock.pass(70);
    expect(await foreman.tick(at.ctx)).toBe(4);

    expect(await statuses()).toEqual(["NOT_READY", "NOT_READY", "NOT_READY"]);
    const { body } = await at.api.post("/work_pools/p/workers/filter", {});
    expect(body).toMatchObject([{ name: "w", status: "OFFLINE" }]);
  });
});
