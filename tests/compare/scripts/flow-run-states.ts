import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createFlowRun, createPool, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

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

export const flowRunStates = scriptFile(import.meta.url, "flow-run-states", [
  ...TYPES.map((from) =>
    script(`from ${from} to every type`, async (api) => {
      const flow_id = await createFlow(api);
      for (const to of TYPES) {
        const { id } = await api.post("/flow_runs/", { flow_id, state: { type: from } });
        await propose(api, `/flow_runs/${id}`, [{ type: to, message: `${from} to ${to}` }]);
        await api.get(`/flow_run_states/?flow_run_id=${id}`);
      }
    }),
  ),

  ...TYPES.map((from) =>
    script(`from ${from} to every type by force`, async (api) => {
      const flow_id = await createFlow(api);
      for (const to of TYPES) {
        const { id } = await api.post("/flow_runs/", { flow_id, state: { type: from } });
        await propose(api, `/flow_runs/${id}`, [{ type: to, force: true }]);
      }
    }),
  ),

  script("a whole life", async (api) => {
    const id = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await propose(api, `/flow_runs/${id}`, [
      { type: "PENDING" },
      { type: "PENDING", name: "Submitting" },
      { type: "PENDING", name: "InfrastructurePending" },
      { type: "PENDING" },
      { type: "RUNNING" },
      { type: "RUNNING", name: "Custom" },
      { type: "COMPLETED", message: "All states completed.", data: { type: "unpersisted" } },
      { type: "RUNNING" },
      { type: "FAILED" },
    ]);
    await api.get(`/flow_run_states/?flow_run_id=${id}`);
  }),

  script("results are kept as artifacts", async (api) => {
    const id = await createFlowRun(api, { state: { type: "RUNNING" } });
    const data = {
      type: "result_record",
      metadata: { storage_key: "k" },
      artifact_type: "result",
      artifact_description: "d",
    };
    await propose(api, `/flow_runs/${id}`, [
      { type: "COMPLETED", data },
      { type: "COMPLETED" },
      { type: "COMPLETED", data: { ...data, metadata: { storage_key: "other" } } },
      { type: "COMPLETED", force: true },
      { type: "RUNNING" },
      { type: "SCHEDULED" },
      { type: "FAILED" },
      { type: "CANCELLING" },
    ]);
    await api.post("/artifacts/filter", { sort: "CREATED_DESC" }, { unordered: ["body"] });
  }),

  script("waits for the scheduled time", async (api) => {
    const state = { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(3600) } };
    const id = await createFlowRun(api, { state });
    await api.post(`/flow_runs/${id}/set_state`, { state: { type: "PENDING" } });
    const waited = await api.post(
      `/flow_runs/${id}/set_state`,
      { state: { type: "RUNNING" } },
      { ignore: ["delay_seconds"] },
    );
    if (Number(waited.at("details.delay_seconds")) < 3590) throw new Error("The wait is too short.");
    await api.get(`/flow_runs/${id}`);
    await propose(api, `/flow_runs/${id}`, [{ type: "RUNNING", force: true }]);
  }),

  script("retries", async (api) => {
    const id = await createFlowRun(api, {
      state: { type: "RUNNING" },
      empirical_policy: { retries: 1, retry_delay: 0 },
    });
    await propose(api, `/flow_runs/${id}`, [
      { type: "FAILED", message: "first" },
      { type: "RUNNING" },
      { type: "FAILED", message: "second" },
    ]);
    const slow = await createFlowRun(api, {
      state: { type: "RUNNING" },
      empirical_policy: { retries: 3, retry_delay: 600 },
    });
    await propose(api, `/flow_runs/${slow}`, [
      { type: "FAILED" },
      { type: "RUNNING", force: true },
      { type: "CRASHED" },
    ]);
    const old = await createFlowRun(api, {
      state: { type: "RUNNING" },
      empirical_policy: { max_retries: 1, retry_delay_seconds: 0 },
    });
    await propose(api, `/flow_runs/${old}`, [{ type: "FAILED" }]);
    const none = await createFlowRun(api, { state: { type: "RUNNING" }, empirical_policy: { retries: null } });
    await propose(api, `/flow_runs/${none}`, [{ type: "FAILED" }]);
  }),

  script("retries of an old client also retry the failed tasks", async (api) => {
    const id = await createFlowRun(api, {
      state: { type: "RUNNING" },
      empirical_policy: { retries: 1, retry_delay: 0 },
    });
    const task = await api.post("/task_runs/", {
      flow_run_id: id,
      task_key: "t",
      dynamic_key: "0",
      state: { type: "RUNNING" },
    });
    await propose(api, `/task_runs/${task.id}`, [{ type: "FAILED" }]);
    const headers = { "x-prefect-api-version": "0.8.2" };
    await api.post(`/flow_runs/${id}/set_state`, { state: { type: "FAILED" } }, { headers });
    await api.get(`/task_runs/${task.id}`);
  }),

  script("rescheduling a finished run of a deployment", async (api) => {
    await createPool(api, "pool");
    const deployment = await createDeployment(api, { work_pool_name: "pool" });
    const { id } = await api.post(`/deployments/${deployment}/create_flow_run`, {});
    await propose(api, `/flow_runs/${id}`, [
      { type: "PENDING" },
      { type: "RUNNING" },
      { type: "FAILED" },
      { type: "SCHEDULED", name: "AwaitingRetry" },
      { type: "PENDING" },
      { type: "RUNNING" },
      { type: "COMPLETED" },
      { type: "SCHEDULED" },
    ]);
  }),

  script("the same transition twice", async (api) => {
    const id = await createFlowRun(api);
    const state_details = { transition_id: UNKNOWN_ID };
    await propose(api, `/flow_runs/${id}`, [
      { type: "RUNNING", state_details },
      { type: "RUNNING", state_details },
      { type: "COMPLETED", state_details },
    ]);
  }),

  script("late runs", async (api) => {
    const id = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await propose(api, `/flow_runs/${id}`, [
      { type: "SCHEDULED", name: "Late" },
      { type: "SCHEDULED", name: "Late" },
      { type: "PENDING" },
      { type: "SCHEDULED", name: "Late" },
    ]);
  }),

  script("cancelling", async (api) => {
    const scheduled = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await propose(api, `/flow_runs/${scheduled}`, [{ type: "CANCELLING" }]);
    const forced = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await propose(api, `/flow_runs/${forced}`, [{ type: "CANCELLING", force: true }]);
    const submitted = await createFlowRun(api, { state: { type: "SCHEDULED" } });
    await api.patch(`/flow_runs/${submitted}`, { infrastructure_pid: "host:1" });
    await propose(api, `/flow_runs/${submitted}`, [{ type: "CANCELLING" }]);
    const running = await createFlowRun(api, { state: { type: "RUNNING" } });
    await propose(api, `/flow_runs/${running}`, [
      { type: "CANCELLING" },
      { type: "RUNNING" },
      { type: "FAILED" },
      { type: "CANCELLED" },
    ]);
  }),

  script("malformed proposals", async (api) => {
    const id = await createFlowRun(api);
    const path = `/flow_runs/${id}/set_state`;
    for (const body of [
      {},
      { state: null },
      { state: {} },
      { state: { type: "running" } },
      { state: { type: "RUNNING", unknown: 1 } },
      { state: { type: "RUNNING", state_details: { unknown: 1 } } },
      { state: { type: "RUNNING", state_details: { scheduled_time: "yesterday" } } },
      { state: { type: "RUNNING", name: 5 } },
      { state: { type: "RUNNING" }, force: "maybe" },
      { state: { type: "RUNNING" }, unknown: 1 },
      { state: { type: "RUNNING", name: "" } },
      { state: { type: "RUNNING", id: UNKNOWN_ID, timestamp: "2020-01-01T00:00:00Z" } },
    ]) {
      await api.post(path, body);
    }
    await api.post(`/flow_runs/${UNKNOWN_ID}/set_state`, { state: { type: "RUNNING" } });
    await api.get(`/flow_runs/${id}`);
  }),
]);
