import { script, scriptFile } from "../script.ts";
import { createFlowRun, createTaskRun, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

const TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "PAUSED",
  "CANCELLING",
  "COMPLETED",
  "FAILED",
  "CRASHED",
  "CANCELLED",
];

export const taskRuns = scriptFile(import.meta.url, "task-runs", [
  script("create, read, rename, delete", async (api) => {
    const id = await createTaskRun(api, { name: "first" });
    await api.get(`/task_runs/${id}`);
    await api.patch(`/task_runs/${id}`, { name: "second" });
    await api.patch(`/task_runs/${id}`, { tags: ["x"] });
    await api.get(`/task_runs/${id}`);
    await api.get(`/task_run_states/?task_run_id=${id}`);
    await api.delete(`/task_runs/${id}`);
    await api.get(`/task_runs/${id}`);
    await api.delete(`/task_runs/${id}`);
    await api.patch(`/task_runs/${UNKNOWN_ID}`, { name: "x" });
    await api.get(`/task_run_states/${UNKNOWN_ID}`);
    await api.post(`/task_runs/${UNKNOWN_ID}/set_state`, { state: { type: "RUNNING" } });
  }),

  script("create with everything given", async (api) => {
    const flow_run_id = await createFlowRun(api, { state: { type: "RUNNING" }, labels: { team: "x" } });
    const full = {
      id: "0198a0a0-0000-7000-8000-000000000001",
      flow_run_id,
      name: "full",
      task_key: "module.task",
      dynamic_key: "key",
      cache_key: "cache",
      cache_expiration: "2031-01-01T00:00:00Z",
      task_version: "3",
      empirical_policy: { retries: 2, retry_delay: [1.5, 2.5], retry_jitter_factor: 0.5 },
      tags: ["b", "a"],
      labels: { mine: 1 },
      task_inputs: { x: [{ input_type: "parameter", name: "p" }], y: [{ input_type: "constant", type: "int" }] },
      state: { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(60) } },
    };
    await api.post("/task_runs/", full);
    await api.post("/task_runs/", { ...full, name: "again" });
    await api.post("/task_runs/", { ...full, dynamic_key: "other" });
    await api.post("/task_runs/", { flow_run_id, task_key: "n", dynamic_key: 5 });
  }),

  script("create with what is refused", async (api) => {
    const flow_run_id = await createFlowRun(api);
    const base = { flow_run_id, task_key: "t", dynamic_key: "0" };
    await api.post("/task_runs/", {});
    await api.post("/task_runs/", { ...base, flow_run_id: UNKNOWN_ID });
    await api.post("/task_runs/", { ...base, cache_key: "x".repeat(2001) });
    await api.post("/task_runs/", { ...base, empirical_policy: { retry_delay: Array.from({ length: 51 }, () => 1) } });
    await api.post("/task_runs/", { ...base, empirical_policy: { retry_jitter_factor: -1 } });
    await api.post("/task_runs/", { ...base, task_inputs: { x: [{ input_type: "nonsense" }] } });
    await api.post("/task_runs/", { ...base, extra: 1 });
  }),

  ...TYPES.map((from) =>
    script(`from ${from} to every type`, async (api) => {
      const flow_run_id = await createFlowRun(api, { state: { type: "RUNNING" } });
      for (const to of TYPES) {
        const task = { flow_run_id, task_key: "t", dynamic_key: to, state: { type: from }, name: `to ${to}` };
        const { id } = await api.post("/task_runs/", task);
        await propose(api, `/task_runs/${id}`, [{ type: to, message: `${from} to ${to}` }]);
        await api.get(`/task_run_states/?task_run_id=${id}`);
      }
    }),
  ),

  script("a whole life with results", async (api) => {
    const id = await createTaskRun(api, {});
    const data = { type: "result_record", metadata: { storage_key: "k" } };
    await propose(api, `/task_runs/${id}`, [
      { type: "PENDING" },
      { type: "RUNNING" },
      { type: "COMPLETED", data },
      { type: "RUNNING" },
      { type: "RUNNING", force: true },
      { type: "FAILED" },
      { type: "RUNNING" },
    ]);
  }),

  script("retries", async (api) => {
    const policy = { retries: 2, retry_delay: [0, 600] };
    const id = await createTaskRun(api, { empirical_policy: policy });
    await propose(api, `/task_runs/${id}`, [
      { type: "RUNNING" },
      { type: "FAILED", message: "one" },
      { type: "RUNNING" },
      { type: "FAILED", message: "two" },
      { type: "RUNNING", force: true },
      { type: "FAILED", message: "three" },
    ]);
    const never = await createTaskRun(api, { empirical_policy: policy, dynamic_key: "1" });
    await propose(api, `/task_runs/${never}`, [
      { type: "RUNNING" },
      { type: "FAILED", state_details: { retriable: false } },
    ]);
  }),

  script("rerun names", async (api) => {
    const id = await createTaskRun(api, {});
    await propose(api, `/task_runs/${id}`, [
      { type: "RUNNING" },
      { type: "RUNNING" },
      { type: "FAILED" },
      { type: "RUNNING" },
    ]);
  }),

  script("tasks of a flow that does not run", async (api) => {
    for (const state of [{ type: "PENDING" }, { type: "COMPLETED" }, { type: "CANCELLING" }]) {
      const flow_run_id = await createFlowRun(api, { state });
      const task = await api.post("/task_runs/", { flow_run_id, task_key: "t", dynamic_key: "0" });
      await propose(api, `/task_runs/${task.id}`, [{ type: "RUNNING" }]);
    }
    const paused = await createFlowRun(api, { state: { type: "RUNNING" } });
    const task = await api.post("/task_runs/", { flow_run_id: paused, task_key: "t", dynamic_key: "0" });
    const state_details = { pause_timeout: inSeconds(600), pause_key: "k" };
    await propose(api, `/flow_runs/${paused}`, [{ type: "PAUSED", state_details }]);
    await propose(api, `/task_runs/${task.id}`, [{ type: "RUNNING" }]);
  }),

  script("cached results", async (api) => {
    const details = { cache_key: "shared-key", cache_expiration: inSeconds(3600) };
    const first = await createTaskRun(api, {});
    await propose(api, `/task_runs/${first}`, [
      { type: "RUNNING", state_details: { cache_key: "shared-key" } },
      { type: "COMPLETED", state_details: details, data: { type: "result_record", metadata: {} } },
    ]);
    for (const [dynamic_key, state_details] of [
      ["1", { cache_key: "shared-key" }],
      ["2", { cache_key: "shared-key", refresh_cache: true }],
      ["3", { cache_key: "other" }],
    ] as const) {
      const id = await createTaskRun(api, { dynamic_key });
      await propose(api, `/task_runs/${id}`, [{ type: "RUNNING", state_details }]);
    }
    const long = await createTaskRun(api, { dynamic_key: "4" });
    await propose(api, `/task_runs/${long}`, [
      { type: "RUNNING" },
      { type: "COMPLETED", state_details: { cache_key: "x".repeat(2001) } },
    ]);
  }),

  script("background tasks without a flow run", async (api) => {
    const state = { type: "SCHEDULED", state_details: { deferred: true, task_parameters_id: UNKNOWN_ID } };
    const { id } = await api.post("/task_runs/", { task_key: "bg", dynamic_key: "0", state });
    const state_details = { deferred: true };
    await propose(api, `/task_runs/${id}`, [
      { type: "PENDING", state_details },
      { type: "PENDING", state_details },
      { type: "RUNNING", state_details },
      { type: "COMPLETED", state_details },
    ]);
    await api.post("/task_runs/filter", { task_runs: { flow_run_id: { is_null_: true } } });
  }),

  script("filter, count, history and paginate", async (api) => {
    const flow_run_id = await createFlowRun(api, { state: { type: "RUNNING" }, tags: ["flow-tag"] });
    for (const [index, name] of ["a", "B", "c_1"].entries()) {
      const task = { flow_run_id, task_key: name, dynamic_key: "0", name, tags: index === 0 ? ["x"] : ["x", "y"] };
      const { id } = await api.post("/task_runs/", task);
      await propose(api, `/task_runs/${id}`, [{ type: "RUNNING" }, ...(index === 1 ? [{ type: "COMPLETED" }] : [])]);
    }
    for (const sort of [
      "EXPECTED_START_TIME_ASC",
      "EXPECTED_START_TIME_DESC",
      "NAME_ASC",
      "NAME_DESC",
      "END_TIME_DESC",
    ]) {
      await api.post("/task_runs/filter", {
        sort,
        task_runs: sort === "END_TIME_DESC" ? { state: { type: { any_: ["COMPLETED"] } } } : {},
      });
    }
    for (const task_runs of [
      { id: { any_: [UNKNOWN_ID] } },
      { name: { any_: ["a"] } },
      { name: { like_: "b" } },
      { tags: { all_: ["x", "y"] } },
      { tags: { is_null_: true } },
      { state: { type: { any_: ["COMPLETED"] } } },
      { state: { name: { any_: ["Running"] } } },
      { start_time: { after_: inSeconds(-60) } },
      { start_time: { is_null_: true } },
      { end_time: { is_null_: false } },
      { expected_start_time: { before_: inSeconds(60) } },
      { flow_run_id: { any_: [flow_run_id] } },
      { flow_run_id: { is_null_: true } },
      { flow_run_id: null },
      { operator: "or_", name: { any_: ["a"] }, state: { type: { any_: ["COMPLETED"] } } },
      { unknown: 1 },
    ]) {
      await api.post("/task_runs/filter", { task_runs, sort: "NAME_ASC" });
      await api.post("/task_runs/count", { task_runs });
    }
    await api.post("/task_runs/count", { flow_runs: { tags: { all_: ["flow-tag"] } } });
    await api.post("/task_runs/count", { flows: { name: { any_: ["unknown"] } } });
    await api.post("/task_runs/paginate", { sort: "NAME_ASC", limit: 2 });
    await api.post("/task_runs/paginate", { sort: "NAME_ASC", limit: 2, page: 2 });
    const range = { history_start: inSeconds(-5400), history_end: inSeconds(1800), history_interval_seconds: 3600 };
    // The reference counts whole seconds on SQLite.
    const ignore = ["sum_estimated_run_time", "sum_estimated_lateness"];
    await api.post("/task_runs/history", range, { unordered: ["body.0.states", "body.1.states"], ignore });
  }),

  script("what the browser asks", async (api) => {
    const id = await createTaskRun(api, { name: "shown", state: { type: "RUNNING" } });
    await createTaskRun(api, { dynamic_key: "1" });
    await api.post("/task_runs/", { task_key: "alone", dynamic_key: "0", id: "0198a0a0-0000-7000-8000-000000000002" });
    await api.get(`/ui/task_runs/${id}`);
    await api.get("/ui/task_runs/0198a0a0-0000-7000-8000-000000000002");
    await api.get(`/ui/task_runs/${UNKNOWN_ID}`);
    await api.post("/ui/task_runs/count");
    await api.post("/ui/task_runs/count", { task_runs: { state: { type: { any_: ["RUNNING"] } } } });
    await api.post("/ui/task_runs/count", { flow_runs: { name: { any_: ["unknown"] } } });
  }),
]);
