import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createPool, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

const PARAMETERS = {
  title: "Parameters",
  type: "object",
  properties: {
    n: { title: "n", type: "integer", position: 0 },
    name: { title: "name", type: "string", default: "x", position: 1 },
  },
  required: ["n"],
};

const EVERY_HOUR = { interval: 3600, anchor_date: "2020-01-01T00:00:00Z", timezone: "UTC" };

export const deployments = scriptFile(import.meta.url, "deployments", [
  script("create, find, create again", async (api) => {
    const flow_id = await createFlow(api);
    const deployment = await api.post("/deployments/", { name: "mine", flow_id });
    await api.get(`/deployments/${deployment.id}`);
    await api.get("/deployments/name/a-flow/mine");
    await api.get("/deployments/name/a-flow/other");
    await api.post("/deployments/", { name: "mine", flow_id, tags: ["new"], description: "second", version: "2" });
    await api.get(`/deployments/${deployment.id}`);
    await api.get(`/deployments/${UNKNOWN_ID}`);
    await api.delete(`/deployments/${deployment.id}`);
    await api.delete(`/deployments/${deployment.id}`);
  }),

  script("create as flow.serve() does", async (api) => {
    const flow_id = await createFlow(api);
    const body = {
      name: "served",
      flow_id,
      paused: false,
      schedules: [{ schedule: EVERY_HOUR, active: true, parameters: {}, slug: null }],
      concurrency_limit: null,
      concurrency_options: null,
      parameters: { n: 1 },
      description: "d",
      tags: ["t"],
      version: "abc",
      path: ".",
      entrypoint: "flow.py:main",
      enforce_parameter_schema: true,
      parameter_openapi_schema: PARAMETERS,
      pull_steps: null,
      work_queue_name: null,
      work_pool_name: null,
      job_variables: {},
      labels: { team: "x" },
    };
    const deployment = await api.post("/deployments/", body);
    await api.get(`/deployments/${deployment.id}`);
    await api.get(`/deployments/${deployment.id}/schedules`);
    const run = await api.post(`/deployments/${deployment.id}/create_flow_run`, {
      parameters: { n: 2 },
      tags: ["run"],
    });
    await api.post("/deployments/get_scheduled_flow_runs", {
      deployment_ids: [deployment.id],
      scheduled_before: inSeconds(20),
      limit: 10,
    });
    await propose(api, `/flow_runs/${run.id}`, [{ type: "PENDING" }, { type: "RUNNING" }, { type: "COMPLETED" }]);
    await api.post("/deployments/get_scheduled_flow_runs", { deployment_ids: [deployment.id] });
    await api.until(
      () => api.get(`/deployments/${deployment.id}`),
      (answer) => answer.at("status") === "READY",
    );
  }),

  script("creations that are refused", async (api) => {
    const flow_id = await createFlow(api);
    const base = { name: "d", flow_id };
    for (const body of [
      {},
      { name: "d", flow_id: UNKNOWN_ID },
      { name: "a/b", flow_id },
      { ...base, work_pool_name: "unknown" },
      { ...base, unknown: 1 },
      { ...base, schedules: [{ schedule: { cron: "not cron" } }] },
      { ...base, schedules: [{ schedule: { interval: -1 } }] },
      { ...base, schedules: [{ schedule: { rrule: "nope" } }] },
      { ...base, schedules: [{ schedule: { cron: "* * * * *", timezone: "Mars/Base" } }] },
      { ...base, concurrency_limit: -1 },
      { ...base, concurrency_limit: 0 },
      { ...base, parameters: { n: "wrong" }, parameter_openapi_schema: PARAMETERS, enforce_parameter_schema: true },
      { ...base, job_variables: "x" },
      { ...base, storage_document_id: UNKNOWN_ID },
      { ...base, global_concurrency_limit_id: UNKNOWN_ID },
    ]) {
      // The reference tells an unknown time zone of a rule by a pattern of all there are.
      const isZone = JSON.stringify(body).includes("Mars/Base");
      await api.post("/deployments/", body, isZone ? { ignore: ["type", "msg", "ctx"] } : {});
    }
  }),

  script("in a work pool", async (api) => {
    await createPool(api, "pool");
    const flow_id = await createFlow(api);
    await api.post("/deployments/", { name: "default queue", flow_id, work_pool_name: "pool" });
    await api.post("/deployments/", { name: "own queue", flow_id, work_pool_name: "pool", work_queue_name: "fast" });
    await api.post("/deployments/", { name: "legacy queue", flow_id, work_queue_name: "legacy" });
    await api.post("/work_pools/pool/queues/filter", {});
    await api.post("/deployments/filter", { work_pools: { name: { any_: ["pool"] } } });
    await api.post("/deployments/filter", { work_pool_queues: { name: { any_: ["fast"] } } });
  }),

  script("create flow runs", async (api) => {
    const id = await createDeployment(api, {
      parameters: { n: 1, name: "base" },
      tags: ["deployment"],
      labels: { from: "deployment" },
      version: "v1",
      parameter_openapi_schema: PARAMETERS,
      enforce_parameter_schema: true,
    });
    const path = `/deployments/${id}/create_flow_run`;
    for (const body of [
      {},
      { parameters: { n: 5 }, tags: ["run"], labels: { mine: 1 }, name: "named-by-caller" },
      { parameters: { n: "wrong" } },
      { parameters: { n: "wrong" }, enforce_parameter_schema: false },
      { parameters: { n: { __prefect_kind: "json", value: "7" } } },
      { parameters: { n: { __prefect_kind: "json", value: "{" } } },
      { parameters: { name: { __prefect_kind: "jinja", template: "no expression" } } },
      { parameters: { name: { __prefect_kind: "workspace_variable", variable_name: "unknown" } } },
      { idempotency_key: "k", name: "first-with-key" },
      { idempotency_key: "k", name: "second-with-key" },
      { state: { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(3600) } } },
      { state: { type: "RUNNING" } },
      { work_queue_name: "nope" },
      { unknown: 1 },
      { parent_task_run_id: UNKNOWN_ID },
    ]) {
      await api.post(path, body, { unordered: ["body.tags"] });
    }
    await api.post(`/deployments/${UNKNOWN_ID}/create_flow_run`, {});
    await api.post("/flow_runs/count", { deployments: { id: { any_: [id] } } });
  }),

  script("update", async (api) => {
    const id = await createDeployment(api, { parameters: { n: 1 }, tags: ["a"] });
    for (const body of [
      {},
      { description: "new", tags: ["b"], paused: true, version: "2" },
      { parameters: { n: 2 } },
      { unknown: 1 },
      { paused: "maybe" },
      { work_queue_name: "q" },
      { job_variables: { a: 1 } },
      { enforce_parameter_schema: true },
      { concurrency_limit: 3 },
      { concurrency_limit: null },
    ]) {
      await api.patch(`/deployments/${id}`, body);
      await api.get(`/deployments/${id}`);
    }
    await api.patch(`/deployments/${UNKNOWN_ID}`, { paused: true });
  }),

  script("pause and resume", async (api) => {
    const id = await createDeployment(api, {});
    await api.post(`/deployments/${id}/pause_deployment`);
    await api.get(`/deployments/${id}`);
    await api.post(`/deployments/${id}/resume_deployment`);
    await api.get(`/deployments/${id}`);
    await api.post(`/deployments/${UNKNOWN_ID}/pause_deployment`);
    await api.post(`/deployments/${UNKNOWN_ID}/resume_deployment`);
  }),

  script("concurrency limits hold runs back", async (api) => {
    await createPool(api, "pool");
    for (const [name, more] of [
      ["enqueue", { concurrency_limit: 1 }],
      ["cancel", { concurrency_limit: 1, concurrency_options: { collision_strategy: "CANCEL_NEW" } }],
    ] as const) {
      const id = await createDeployment(api, { name, work_pool_name: "pool", ...more });
      const first = await api.post(`/deployments/${id}/create_flow_run`, {});
      const second = await api.post(`/deployments/${id}/create_flow_run`, {});
      await propose(api, `/flow_runs/${first.id}`, [{ type: "PENDING" }, { type: "RUNNING" }]);
      await propose(api, `/flow_runs/${second.id}`, [{ type: "PENDING" }]);
      await propose(api, `/flow_runs/${first.id}`, [{ type: "COMPLETED" }]);
      await api.get(`/deployments/${id}`);
    }
  }),

  script("filter, sort, count, paginate", async (api) => {
    for (const [name, more] of [
      ["alpha", { tags: ["x"] }],
      ["Beta", { tags: ["x", "y"], paused: true }],
      ["gamma_1", {}],
    ] as const) {
      await createDeployment(api, { name, ...more });
    }
    for (const sort of ["CREATED_DESC", "NAME_ASC", "NAME_DESC"]) await api.post("/deployments/filter", { sort });
    for (const deployments of [
      { name: { any_: ["alpha"] } },
      { name: { like_: "beta" } },
      { flow_or_deployment_name: { like_: "a-flow" } },
      { flow_or_deployment_name: { like_: "gamma" } },
      { paused: { eq_: true } },
      { tags: { all_: ["x", "y"] } },
      { tags: { any_: ["y"] } },
      { tags: { is_null_: true } },
      { id: { not_any_: [UNKNOWN_ID] } },
      { work_queue_name: { any_: ["q"] } },
      { concurrency_limit: { ge_: 1 } },
      { operator: "or_", paused: { eq_: true }, name: { any_: ["alpha"] } },
      { unknown: 1 },
    ]) {
      await api.post("/deployments/filter", { deployments });
      await api.post("/deployments/count", { deployments });
    }
    await api.post("/deployments/count", { flows: { name: { any_: ["a-flow"] } } });
    await api.post("/deployments/paginate", { limit: 2, page: 2 });
    await api.post("/deployments/filter", { limit: 1, offset: 2 });
  }),
]);
