import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { OrchestrationResult } from "../../schemas/orchestration.ts";
import type { State } from "../../schemas/state.ts";
import type { Http } from "../http.ts";
import type { FlowRunPolicy, Labels, ListQuery, StateCreate } from "../wire.ts";
import { flowRunInputs } from "./flow-run-inputs.ts";

export interface FlowRunCreate {
  readonly flow_id: string;
  readonly name?: string | null;
  readonly state?: StateCreate;
  readonly flow_version?: string | null;
  readonly parameters?: object;
  readonly context?: object;
  readonly parent_task_run_id?: string | null;
  readonly empirical_policy?: FlowRunPolicy;
  readonly tags?: readonly string[];
  readonly labels?: Labels;
  readonly idempotency_key?: string;
}

export interface FlowRunUpdate {
  readonly name?: string;
  readonly flow_version?: string | null;
  readonly parameters?: object;
  readonly empirical_policy?: FlowRunPolicy;
  readonly tags?: readonly string[];
  readonly infrastructure_pid?: string;
  readonly job_variables?: object;
}

export const flowRuns = (http: Http) => ({
  create: (flowRun: FlowRunCreate) => http.post<FlowRun>("/flow_runs/", flowRun),
  read: (id: string) => http.get<FlowRun>(`/flow_runs/${id}`),
  update: (id: string, changes: FlowRunUpdate) => http.patch(`/flow_runs/${id}`, changes),
  updateLabels: (id: string, labels: Labels) => http.patch(`/flow_runs/${id}/labels`, labels),
  delete: (id: string) => http.delete(`/flow_runs/${id}`),
  list: (query: ListQuery = {}) => http.post<readonly FlowRun[]>("/flow_runs/filter", query),
  count: (query: ListQuery = {}) => http.post<number>("/flow_runs/count", query),
  /** `force` skips the orchestration rules. */
  setState: (id: string, state: StateCreate, options: { force?: boolean } = {}) =>
    http.post<OrchestrationResult>(`/flow_runs/${id}/set_state`, { state, force: options.force ?? false }),
  resume: (id: string, input?: object) =>
    http.post<OrchestrationResult>(`/flow_runs/${id}/resume`, input === undefined ? {} : { run_input: input }),
  states: (id: string) => http.get<readonly State[]>(`/flow_run_states/?flow_run_id=${id}`),
  /** The run's logs as CSV text. */
  downloadLogs: (id: string) => http.text(`/flow_runs/${id}/logs/download`),
  inputs: flowRunInputs(http),
});
