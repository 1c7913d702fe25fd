import type { Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlowRun, createPool, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

const SCHEMA = JSON.stringify({
  title: "Answer",
  type: "object",
  properties: { approved: { type: "boolean" }, count: { type: "integer", default: 3 } },
  required: ["approved"],
});
const KEYSET = { schema: "paused-1-schema", response: "paused-1-response", description: "paused-1-description" };

function pausedFor(seconds: number, more: Readonly<Record<string, unknown>> = {}) {
  return { type: "PAUSED", state_details: { pause_timeout: inSeconds(seconds), pause_key: "1", ...more } };
}

/** A run of a deployment that is RUNNING. */
async function deployedRun(api: Api): Promise<string> {
  await createPool(api, "pool");
  const deployment = await createDeployment(api, { work_pool_name: "pool" });
  const { id } = await api.post(`/deployments/${deployment}/create_flow_run`, {});
  await propose(api, `/flow_runs/${id}`, [{ type: "PENDING" }, { type: "RUNNING" }]);
  return id;
}

/** A run that waits for input of the type SCHEMA describes. */
async function waitingForInput(api: Api, schema = SCHEMA): Promise<string> {
  const id = await createFlowRun(api, { state: { type: "RUNNING" } });
  await api.post(`/flow_runs/${id}/input`, { key: KEYSET.schema, value: schema });
  await api.post(`/flow_runs/${id}/input`, { key: KEYSET.response, value: '"stale"' });
  await propose(api, `/flow_runs/${id}`, [pausedFor(600, { run_input_keyset: KEYSET })]);
  return id;
}

export const pauseAndResume = scriptFile(import.meta.url, "pause-and-resume", [
  script("pause in the process, resume, finish", async (api) => {
    const id = await createFlowRun(api, { state: { type: "RUNNING" } });
    await propose(api, `/flow_runs/${id}`, [pausedFor(600)]);
    await api.post(`/flow_runs/${id}/resume`);
    await api.get(`/flow_runs/${id}`);
    await propose(api, `/flow_runs/${id}`, [pausedFor(600), { type: "COMPLETED" }]);
    await api.post(`/flow_runs/${id}/resume`, {});
    await api.get(`/flow_run_states/?flow_run_id=${id}`);
  }),

  script("pauses that are refused", async (api) => {
    const pending = await createFlowRun(api, {});
    await propose(api, `/flow_runs/${pending}`, [pausedFor(600), { ...pausedFor(600), name: "Suspended" }]);
    const running = await createFlowRun(api, { state: { type: "RUNNING" } });
    const suspended = { ...pausedFor(600, { pause_reschedule: true, pause_key: "2" }), name: "Suspended" };
    await propose(api, `/flow_runs/${running}`, [suspended, pausedFor(600, { pause_reschedule: true })]);
    await propose(api, `/flow_runs/${running}`, [
      pausedFor(600),
      { type: "PENDING" },
      pausedFor(600),
      { type: "FAILED" },
    ]);
    await api.post(`/flow_runs/${UNKNOWN_ID}/input/filter`, { prefix: "" });
  }),

  script("a pause that has timed out", async (api) => {
    const id = await createFlowRun(api, { state: { type: "RUNNING" } });
    await propose(api, `/flow_runs/${id}`, [pausedFor(-10)]);
    await api.post(`/flow_runs/${id}/resume`);
    await api.get(`/flow_runs/${id}`);
    const other = await createFlowRun(api, { state: { type: "RUNNING" } });
    await propose(api, `/flow_runs/${other}`, [pausedFor(-10), { type: "CANCELLING" }, { type: "CANCELLED" }]);
  }),

  script("leaving a pause for other states", async (api) => {
    for (const to of ["SCHEDULED", "PENDING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING", "PAUSED"]) {
      const id = await createFlowRun(api, { state: { type: "RUNNING" } });
      await propose(api, `/flow_runs/${id}`, [pausedFor(600), { type: to }]);
    }
  }),

  script("suspend and resume a run of a deployment", async (api) => {
    const id = await deployedRun(api);
    await propose(api, `/flow_runs/${id}`, [{ ...pausedFor(600, { pause_reschedule: true }), name: "Suspended" }]);
    await api.post(`/flow_runs/${id}/resume`);
    await propose(api, `/flow_runs/${id}`, [{ type: "PENDING" }, { type: "RUNNING" }, { type: "COMPLETED" }]);
    await api.get(`/flow_run_states/?flow_run_id=${id}`);
  }),

  script("cancel a suspended run", async (api) => {
    const id = await deployedRun(api);
    await propose(api, `/flow_runs/${id}`, [
      { ...pausedFor(600, { pause_reschedule: true }), name: "Suspended" },
      { type: "CANCELLING" },
    ]);
  }),

  script("a blocking pause of a deployment's run left for SCHEDULED", async (api) => {
    const id = await deployedRun(api);
    await propose(api, `/flow_runs/${id}`, [
      pausedFor(600),
      { type: "SCHEDULED" },
      { type: "PENDING" },
      { type: "RUNNING" },
    ]);
  }),

  script("subflows cannot be suspended", async (api) => {
    const parent = await createFlowRun(api, { state: { type: "RUNNING" } });
    const task = await api.post("/task_runs/", { flow_run_id: parent, task_key: "child", dynamic_key: "0" });
    const id = await createFlowRun(api, { state: { type: "RUNNING" }, parent_task_run_id: task.id });
    await propose(api, `/flow_runs/${id}`, [{ ...pausedFor(600, { pause_reschedule: true }), name: "Suspended" }]);
    await propose(api, `/flow_runs/${id}`, [pausedFor(600)]);
    await api.get(`/task_runs/${task.id}`);
  }),

  script("resume with input", async (api) => {
    const id = await waitingForInput(api);
    for (const run_input of [{}, { approved: "no" }, { approved: 1 }, { count: 1 }, { approved: true, count: "x" }]) {
      await api.post(`/flow_runs/${id}/resume`, { run_input });
    }
    await api.post(`/flow_runs/${id}/resume`);
    await api.post(`/flow_runs/${id}/resume`, { run_input: { approved: true, extra: 1 } });
    await api.get(`/flow_runs/${id}`);
    await api.get(`/flow_runs/${id}/input/${KEYSET.response}`);
    await api.get(`/flow_runs/${id}/input/${KEYSET.schema}`);
  }),

  script("resume with hydrated input", async (api) => {
    const id = await waitingForInput(api);
    await api.post(`/flow_runs/${id}/resume`, { run_input: { approved: { __prefect_kind: "json", value: "{" } } });
    await api.post(`/flow_runs/${id}/resume`, { run_input: { approved: { __prefect_kind: "json", value: "true" } } });
    await api.get(`/flow_runs/${id}/input/${KEYSET.response}`);
  }),

  script("resume with broken schemas", async (api) => {
    const broken = await waitingForInput(api, "{not json");
    await api.post(`/flow_runs/${broken}/resume`, { run_input: { approved: true } });
    const circular = await waitingForInput(
      api,
      JSON.stringify({ $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/a" } } }),
    );
    await api.post(`/flow_runs/${circular}/resume`, { run_input: { approved: true } });
    const id = await createFlowRun(api, { state: { type: "RUNNING" } });
    await propose(api, `/flow_runs/${id}`, [pausedFor(600, { run_input_keyset: KEYSET })]);
    await api.post(`/flow_runs/${id}/resume`, { run_input: { approved: true } });
  }),

  script("resuming what is not paused", async (api) => {
    for (const type of ["SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "CANCELLING"]) {
      const id = await createFlowRun(api, { state: { type } });
      await api.post(`/flow_runs/${id}/resume`);
    }
  }),
]);
