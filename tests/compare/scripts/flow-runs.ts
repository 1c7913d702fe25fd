import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createFlowRun, createPool, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

export const flowRuns = scriptFile(import.meta.url, "flow-runs", [
  script("create with defaults", async (api) => {
    const flow_id = await createFlow(api);
    const run = await api.post("/flow_runs/", { flow_id });
    await api.get(`/flow_runs/${run.id}`);
    await api.get(`/flow_run_states/?flow_run_id=${run.id}`);
    await api.get(`/flow_run_states/${run.at("state.id")}`);
    await api.get(`/flow_run_states/${UNKNOWN_ID}`);
    await api.get(`/flow_runs/${UNKNOWN_ID}`);
    await api.get("/flow_runs/nope");
  }),

  script("create with everything given", async (api) => {
    const flow = await api.post("/flows/", { name: "labelled", labels: { team: "blue", n: 1 } });
    const run = await api.post("/flow_runs/", {
      flow_id: flow.id,
      name: "my-run-name",
      flow_version: "v7",
      parameters: { x: 1, big: 9_007_199_254_740_991, nested: { list: [1, "2", null, true, 1.5] } },
      context: { anything: [1] },
      empirical_policy: { retries: 3, retry_delay: 10, pause_keys: ["k"], resuming: false },
      tags: ["b", "a"],
      labels: { team: "red", extra: true },
      idempotency_key: "key-1",
      job_variables: { cpu: 2 },
    });
    await api.get(`/flow_runs/${run.id}`);
  }),

  script("each initial state", async (api) => {
    const flow_id = await createFlow(api);
    const states = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING", "PAUSED"];
    for (const type of states) await api.post("/flow_runs/", { flow_id, state: { type, message: `as ${type}` } });
    await api.post("/flow_runs/", { flow_id, state: { type: "SCHEDULED" } });
    await api.post("/flow_runs/", {
      flow_id,
      state: { type: "SCHEDULED", name: "Later", state_details: { scheduled_time: inSeconds(3600) } },
    });
    // The reference keeps the zone it was given, in the run's columns until they are read again.
    const zoned = await api.post(
      "/flow_runs/",
      { flow_id, state: { type: "SCHEDULED", state_details: { scheduled_time: "2030-05-06T07:08:09.123456+02:00" } } },
      { ignore: ["expected_start_time", "next_scheduled_start_time", "scheduled_time"] },
    );
    await api.get(`/flow_runs/${zoned.id}`, { ignore: ["scheduled_time"] });
    await api.post("/flow_runs/", {
      flow_id,
      state: { type: "SCHEDULED", state_details: { scheduled_time: "2020-05-06T07:08:09" } },
    });
    await api.post("/flow_runs/", { flow_id, state: { type: "COMPLETED", data: { type: "unpersisted" } } });
    await api.post("/flow_runs/", { flow_id, state: { type: "NONSENSE" } });
    await api.post("/flow_runs/", { flow_id, state: {} });
  }),

  script("idempotency keys", async (api) => {
    const flow_id = await createFlow(api);
    const other = await createFlow(api, "another-flow");
    const first = { flow_id, idempotency_key: "same", name: "first" };
    await api.post("/flow_runs/", first);
    await api.post("/flow_runs/", { ...first, name: "second", tags: ["ignored"] });
    await api.post("/flow_runs/", { ...first, flow_id: other });
    await api.post("/flow_runs/", { flow_id, name: "without key" });
    await api.post(
      "/flow_runs/filter",
      { flow_runs: { idempotency_key: { any_: ["same"] } }, sort: "NAME_ASC" },
      { unordered: ["body"] },
    );
    await api.post("/flow_runs/count", { flow_runs: { idempotency_key: { not_any_: ["same"] } } });
  }),

  script("created with what does not exist", async (api) => {
    const flow_id = await createFlow(api);
    await api.post("/flow_runs/", { flow_id: UNKNOWN_ID });
    await api.post("/flow_runs/", {});
    await api.post("/flow_runs/", { flow_id: "nope" });
    await api.post("/flow_runs/", { flow_id, unknown_key: 1 });
    await api.post("/flow_runs/", { flow_id, parent_task_run_id: UNKNOWN_ID });
    await api.post("/flow_runs/", { flow_id, work_pool_name: "unknown" });
    await api.post("/flow_runs/", { flow_id, work_queue_name: "unknown" });
    await api.post("/flow_runs/", { flow_id, parameters: { too: "x".repeat(600_000) } });
  }),

  script("created for a work pool and a deployment", async (api) => {
    await createPool(api, "pool");
    const flow_id = await createFlow(api);
    await api.post("/flow_runs/", { flow_id, work_pool_name: "pool" });
    await api.post("/flow_runs/", { flow_id, work_pool_name: "pool", work_queue_name: "default" });
    await api.post("/flow_runs/", { flow_id, work_pool_name: "pool", work_queue_name: "missing" });
    const deployment_id = await createDeployment(api, { work_pool_name: "pool", labels: { from: "deployment" } });
    await api.post("/flow_runs/", { flow_id, deployment_id, name: "of-deployment" });
  }),

  script("update", async (api) => {
    const id = await createFlowRun(api, { tags: ["old"] });
    await api.patch(`/flow_runs/${id}`, { name: "new-name-here" });
    await api.patch(`/flow_runs/${id}`, {
      tags: ["x"],
      parameters: { p: 1 },
      flow_version: "2",
      infrastructure_pid: "1:2",
    });
    await api.patch(`/flow_runs/${id}`, { empirical_policy: { retries: 2, retry_delay: 1 } });
    await api.patch(`/flow_runs/${id}`, {});
    await api.get(`/flow_runs/${id}`);
    await api.patch(`/flow_runs/${id}`, { state: { type: "RUNNING" } });
    await api.patch(`/flow_runs/${id}`, { name: null });
    await api.patch(`/flow_runs/${id}`, { tags: null });
    await api.patch(`/flow_runs/${UNKNOWN_ID}`, { name: "x" });
    await api.get(`/flow_runs/${id}`);
  }),

  script("update of job variables", async (api) => {
    const running = await createFlowRun(api, { state: { type: "RUNNING" } });
    const scheduled = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await api.patch(`/flow_runs/${running}`, { job_variables: { a: 1 } });
    await api.patch(`/flow_runs/${scheduled}`, { job_variables: { a: 1 } });
    await api.patch(`/flow_runs/${UNKNOWN_ID}`, { job_variables: { a: 1 } });
    await createPool(api, "pool");
    const deployment = await createDeployment(api, { work_pool_name: "pool" });
    const run = await api.post(`/deployments/${deployment}/create_flow_run`, {});
    await api.patch(`/flow_runs/${run.id}`, { job_variables: { a: 1 } });
    await api.get(`/flow_runs/${run.id}`);
  }),

  script("labels", async (api) => {
    const id = await createFlowRun(api, { labels: { a: 1 } });
    await api.patch(`/flow_runs/${id}/labels`, { b: "two", a: 3 });
    await api.patch(`/flow_runs/${id}/labels`, [1]);
    await api.patch(`/flow_runs/${UNKNOWN_ID}/labels`, { a: 1 });
    await api.get(`/flow_runs/${id}`);
  }),

  script("delete", async (api) => {
    const id = await createFlowRun(api);
    await api.post("/logs/", [{ name: "l", level: 20, message: "m", timestamp: inSeconds(0), flow_run_id: id }]);
    await api.delete(`/flow_runs/${id}`);
    await api.get(`/flow_runs/${id}`);
    await api.delete(`/flow_runs/${id}`);
    await api.get(`/flow_run_states/?flow_run_id=${id}`);
  }),

  script("bulk delete and bulk set_state", async (api) => {
    // The reference puts the last run's id into the details of all results: they share one object.
    const asResults = { unordered: ["body.results"], ignore: ["id", "state_details"] };
    const ids = [
      await createFlowRun(api),
      await createFlowRun(api),
      await createFlowRun(api, { state: { type: "COMPLETED" } }),
    ];
    const flow_runs = { id: { any_: ids } };
    await api.post("/flow_runs/bulk_set_state", { flow_runs, state: { type: "CANCELLING" } }, asResults);
    await api.post("/flow_runs/bulk_set_state", { flow_runs, state: { type: "CANCELLED" }, force: true }, asResults);
    await api.post("/flow_runs/bulk_set_state", {
      flow_runs: { id: { any_: [UNKNOWN_ID] } },
      state: { type: "RUNNING" },
    });
    await api.post("/flow_runs/bulk_set_state", { flow_runs });
    await api.post("/flow_runs/bulk_set_state", { flow_runs, state: { type: "RUNNING" }, limit: 51 });
    for (const id of ids) await api.get(`/flow_runs/${id}`);
    await api.post(
      "/flow_runs/bulk_delete",
      { flow_runs: { id: { any_: ids.slice(0, 2) } } },
      { unordered: ["body.deleted"] },
    );
    await api.post("/flow_runs/bulk_delete", { limit: 51 });
    await api.post("/flow_runs/count");
    await api.post("/flow_runs/bulk_delete", {});
    await api.post("/flow_runs/count");
  }),

  script("inputs", async (api) => {
    const id = await createFlowRun(api);
    const input = `/flow_runs/${id}/input`;
    await api.post(input, { key: "greeting-one", value: '"hello"', sender: `prefect.flow-run.${UNKNOWN_ID}` });
    await api.post(input, { key: "greeting-two", value: "plain" });
    await api.post(input, { key: "greeting-one", value: "again" });
    await api.post(input, { key: "other", value: "" });
    await api.post(input, { key: "no-value" });
    await api.post(`/flow_runs/${UNKNOWN_ID}/input`, { key: "x", value: "1" });
    await api.get(`${input}/greeting-one`);
    await api.get(`${input}/unknown`);
    await api.post(`${input}/filter`, { prefix: "greeting" });
    await api.post(`${input}/filter`, { prefix: "greeting", limit: 10 });
    await api.post(`${input}/filter`, { prefix: "greeting", limit: 10, exclude_keys: ["greeting-one"] });
    await api.post(`${input}/filter`, { prefix: "gr%" });
    await api.post(`${input}/filter`, {});
    await api.delete(`${input}/greeting-one`);
    await api.delete(`${input}/greeting-one`);
    await api.post(`/flow_runs/${UNKNOWN_ID}/input/filter`, { prefix: "x" });
  }),

  script("subflow states reach the parent's task run", async (api) => {
    const parent = await createFlowRun(api, { state: { type: "RUNNING" } });
    const task = await api.post("/task_runs/", { flow_run_id: parent, task_key: "child", dynamic_key: "0" });
    const flow_id = await createFlow(api, "child");
    const child = await api.post("/flow_runs/", { flow_id, parent_task_run_id: task.id, name: "child-run-one" });
    await api.get(`/task_runs/${task.id}`);
    await propose(api, `/flow_runs/${child.id}`, [{ type: "RUNNING" }, { type: "COMPLETED", message: "done" }]);
    await api.get(`/task_runs/${task.id}`);
    await api.get(`/task_run_states/?task_run_id=${task.id}`);
    await api.post("/flow_runs/filter", { flow_runs: { parent_flow_run_id: { any_: [parent] } } });
    await api.post("/flow_runs/filter", { flow_runs: { parent_task_run_id: { any_: [task.id] } } });
    await api.post("/flow_runs/count", { flow_runs: { parent_task_run_id: { is_null_: true } } });
    await api.post("/task_runs/filter", { task_runs: { subflow_runs: { exists_: true } } });
    await api.post("/task_runs/count", { task_runs: { subflow_runs: { exists_: false } } });
    await api.get(`/flow_runs/${parent}/graph`);
    await api.get(`/flow_runs/${parent}/graph-v2`);
  }),
]);
