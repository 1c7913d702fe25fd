import type { Answer, Api } from "../api.ts";

/** An id that no server has. */
export const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

/** An ISO time `seconds` from now with microseconds, different from any other time of the script. */
export function inSeconds(seconds: number): string {
  const micros = String(Math.floor((performance.now() * 1000) % 1000)).padStart(3, "0");
  return new Date(Date.now() + seconds * 1000).toISOString().replace("Z", `${micros}Z`);
}

/** Creates the flow `name` (or finds it) and gives its id. */
export async function createFlow(api: Api, name = "a-flow"): Promise<string> {
  return (await api.post("/flows/", { name })).id;
}

/** Creates a flow run of a new flow, in PENDING unless `fields` say otherwise. */
export async function createFlowRun(api: Api, fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const flow_id = await createFlow(api);
  return (await api.post("/flow_runs/", { flow_id, ...fields })).id;
}

/** Creates a task run in its own running flow run. */
export async function createTaskRun(api: Api, fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const flow_run_id = await createFlowRun(api, { state: { type: "RUNNING" } });
  return (await api.post("/task_runs/", { flow_run_id, task_key: "a-task", dynamic_key: "0", ...fields })).id;
}

export interface Transition {
  readonly type: string;
  readonly force?: boolean;
  readonly [field: string]: unknown;
}

/** Proposes states to a run one after the other, reading the run back after each. */
export async function propose(api: Api, path: string, transitions: readonly Transition[]): Promise<Answer> {
  let answer: Answer | undefined;
  for (const { force, ...state } of transitions) {
    answer = await api.post(`${path}/set_state`, { state, ...(force === undefined ? {} : { force }) });
    await api.get(path);
  }
  if (answer === undefined) throw new Error("No transitions given.");
  return answer;
}

/** A deployment of a new flow in the work pool `pool`, which must exist unless undefined. */
export async function createDeployment(api: Api, fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const flow_id = await createFlow(api);
  return (await api.post("/deployments/", { name: "a-deployment", flow_id, ...fields })).id;
}

export async function createPool(
  api: Api,
  name = "a-pool",
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return (await api.post("/work_pools/", { name, type: "process", ...fields })).id;
}
