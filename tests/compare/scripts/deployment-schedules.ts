import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createPool, UNKNOWN_ID } from "./common.ts";

const DAILY = { cron: "0 9 * * *", timezone: "America/New_York" };
const WEEKLY = { interval: 604800, anchor_date: "2026-01-05T09:00:00Z", timezone: "Europe/Berlin" };
const MONTHLY = { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", timezone: "UTC" };

const TEMPLATE = {
  job_configuration: { command: "{{ command }}", env: "{{ env }}" },
  variables: {
    type: "object",
    properties: {
      command: { type: "string", default: "run" },
      env: { type: "object", additionalProperties: { type: "string" } },
      cpu: { type: "integer", default: "not a number" },
    },
    required: ["env"],
  },
};

export const deploymentSchedules = scriptFile(import.meta.url, "deployment-schedules", [
  script("add, list, change, delete", async (api) => {
    const id = await createDeployment(api);
    const path = `/deployments/${id}/schedules`;
    await api.get(path);
    const made = await api.post(path, [
      { schedule: DAILY, slug: "daily", parameters: { n: 1 } },
      { schedule: WEEKLY, active: false, max_scheduled_runs: 7 },
      { schedule: MONTHLY },
    ]);
    await api.get(path);
    await api.get(`/deployments/${id}`);
    const daily = `${path}/${made.at("0.id")}`;
    for (const body of [
      {},
      { active: false },
      { schedule: { cron: "@hourly" }, slug: "hourly" },
      { active: null, parameters: { n: 2 } },
      { slug: null },
      { max_scheduled_runs: 51 },
      { schedule: { cron: "x" } },
      { unknown: 1 },
    ]) {
      await api.patch(daily, body);
      await api.get(path);
    }
    await api.delete(daily);
    await api.delete(daily);
    await api.patch(daily, { active: true });
    await api.post(path, []);
    await api.post(path, [{ slug: "no times" }]);
    for (const unknown of [`/deployments/${UNKNOWN_ID}/schedules`]) {
      await api.get(unknown);
      await api.post(unknown, [{ schedule: DAILY }]);
      await api.patch(`${unknown}/${UNKNOWN_ID}`, { active: true });
      await api.delete(`${unknown}/${UNKNOWN_ID}`);
    }
    await api.get(path);
  }),

  script("schedules that all have slugs are matched by them", async (api) => {
    const schedules = [
      { schedule: DAILY, slug: "a" },
      { schedule: WEEKLY, slug: "b", parameters: { n: 1 } },
    ];
    const id = await createDeployment(api, { schedules });
    for (const given of [
      [],
      [{ slug: "a", active: false }],
      [{ slug: "c", schedule: MONTHLY }],
      [{ slug: "d" }],
      [{ schedule: MONTHLY }],
      [{ slug: "z", replaces: "a" }],
      [{ slug: "b", replaces: "z" }],
      [
        { slug: "b", replaces: "z" },
        { slug: "z", replaces: "b" },
      ],
      [
        { slug: "x", replaces: "z" },
        { slug: "y", replaces: "z" },
      ],
    ]) {
      await api.patch(`/deployments/${id}`, { schedules: given });
      await api.get(`/deployments/${id}/schedules`, { unordered: ["body"] });
    }
  }),

  script("a schedule without a slug has all replaced", async (api) => {
    const id = await createDeployment(api, { schedules: [{ schedule: DAILY, slug: "a" }, { schedule: WEEKLY }] });
    for (const update of [{ description: "x" }, { schedules: [{ schedule: MONTHLY, active: false }, { slug: "a" }] }]) {
      await api.patch(`/deployments/${id}`, update);
      await api.get(`/deployments/${id}/schedules`, { unordered: ["body"] });
    }
    await api.post("/deployments/", { name: "a-deployment", flow_id: await createFlow(api) });
    await api.get(`/deployments/${id}/schedules`);
  }),

  script("a stretch of the past", async (api) => {
    const id = await createDeployment(api, {
      schedules: [{ schedule: DAILY, slug: "daily" }],
      tags: ["t"],
      version: "v",
    });
    const body = { start_time: "2026-03-07T00:00:00Z", end_time: "2026-03-10T00:00:00Z", min_runs: 5 };
    await api.post(`/deployments/${id}/schedule`, body);
    await api.post(`/deployments/${id}/schedule`, body);
    await api.post(
      "/flow_runs/filter",
      { sort: "EXPECTED_START_TIME_ASC", flow_runs: { expected_start_time: { before_: "2026-04-01T00:00:00Z" } } },
      { ignore: ["idempotency_key", "estimated_start_time_delta"] },
    );
    await api.post(`/deployments/${id}/schedule`, { min_runs: "many" });
    await api.post(`/deployments/${UNKNOWN_ID}/schedule`, {});
  }),

  script("many runs at once, many deletions at once", async (api) => {
    const id = await createDeployment(api, { parameters: { n: 1 }, tags: ["a"] });
    const path = `/deployments/${id}/create_flow_run/bulk`;
    await api.post(path, []);
    await api.post(path, [
      { name: "one" },
      { work_queue_name: "none" },
      { parameters: { n: 2 } },
      { enforce_parameter_schema: true, parameters: { n: { __prefect_kind: "json", value: "x" } } },
    ]);
    await api.post(path, [{ unknown: 1 }]);
    await api.post(
      path,
      Array.from({ length: 101 }, () => ({})),
    );
    await api.post(`/deployments/${UNKNOWN_ID}/create_flow_run/bulk`, []);
    await api.post("/flow_runs/count", {});
    await api.post("/deployments/bulk_delete", { deployments: { name: { any_: ["none"] } } });
    await api.post("/deployments/bulk_delete", { limit: 51 });
    await api.post("/deployments/bulk_delete", { deployments: { name: { any_: ["a-deployment"] } } });
    await api.post("/deployments/count", {});
    await api.post("/flow_runs/count", {});
  }),

  script("job variables are checked against the pool's template", async (api) => {
    await createPool(api, "pool", { base_job_template: TEMPLATE });
    const flow_id = await createFlow(api);
    const base = { name: "d", flow_id, work_pool_name: "pool" };
    await api.post("/deployments/", { ...base, job_variables: { command: 1 } });
    const { id } = await api.post("/deployments/", { ...base, job_variables: { command: "go" } });
    const path = `/deployments/${id}/create_flow_run`;
    await api.post(path, {});
    await api.post(path, { job_variables: { env: { A: 1 } } });
    await api.post(path, { job_variables: { env: { A: "1" } } });
    await api.patch(`/deployments/${id}`, { job_variables: {} });
    await api.get(`/deployments/${id}`);
    await api.patch(`/deployments/${id}`, { work_pool_name: null });
    await api.get(`/deployments/${id}`);
    await api.patch(`/deployments/${id}`, { work_pool_name: "unknown" });
  }),

  script("queues of agents", async (api) => {
    const id = await createDeployment(api, { tags: ["a", "b"] });
    const made = await api.post("/work_queues/", { name: "q1", filter: { tags: ["a"] }, concurrency_limit: 1 });
    await api.post("/work_queues/", { name: "q1" });
    await api.post("/work_queues/", { name: "q2", filter: { tags: ["c"] } });
    await api.post("/work_queues/", { name: "q3", filter: { deployment_ids: [id] }, priority: 1 });
    await api.post("/work_queues/", { name: "a/b" });
    await api.post("/work_queues/filter", {});
    await api.get("/work_queues/name/q3");
    await api.get("/work_queues/name/none");
    const path = `/work_queues/${made.id}`;
    for (const body of [{ description: "d", priority: 3 }, { is_paused: true }, { is_paused: false }, { unknown: 1 }]) {
      await api.patch(path, body);
      await api.get(path);
    }
    await api.get(`${path}/status`);
    await api.post(`${path}/concurrency_status`, {});
    await api.delete(path);
    await api.get(path);
    await api.get(`/work_queues/${UNKNOWN_ID}/status`);
    await api.post(`/work_queues/${UNKNOWN_ID}/get_runs`, {});
    await api.patch(`/work_queues/${UNKNOWN_ID}`, {});
    await api.post("/work_pools/default-agent-pool/queues/filter", {});
  }),

  script("what is told of deployments and pools", async (api) => {
    const poolId = await createPool(api, "pool");
    const flow_id = await createFlow(api);
    const { id } = await api.post("/deployments/", { name: "d", flow_id, work_pool_name: "pool", tags: ["a"] });
    await api.patch(`/deployments/${id}`, { description: "new", tags: ["b"] });
    await api.patch("/work_pools/pool", { is_paused: true });
    await api.patch("/work_pools/pool", { concurrency_limit: 3 });
    await api.patch("/work_pools/pool", { is_paused: false });
    await api.post("/work_pools/pool/workers/heartbeat", { name: "w" });
    await api.post("/work_pools/pool/queues", { name: "q" });
    await api.patch("/work_pools/pool/queues/q", { is_paused: true });
    await api.delete(`/deployments/${id}`);
    await api.delete("/work_pools/pool");
    // The reference publishes each event on its own, and has the changed fields in any order.
    const told = { unordered: ["body.events"], ignore: ["id", "occurred", "received", "follows", "updated_fields"] };
    const filter = { any_resource: { id: [`prefect.work-pool.${poolId}`] }, order: "ASC" };
    await api.until(
      () => api.post("/events/filter", { filter }, told),
      (answer) => Number(answer.at("total")) >= 15,
    );
  }),
]);
