import type { OrchestrationResult } from "../../schemas/orchestration.ts";
import type { State } from "../../schemas/state.ts";
import type { TaskRun } from "../../schemas/task-run.ts";
import type { Http } from "../http.ts";
import type { Labels, ListQuery, StateCreate } from "../wire.ts";

export interface TaskRunCreate {
  readonly id?: string;
  readonly name?: string;
  readonly flow_run_id?: string | null;
  readonly task_key: string;
  readonly dynamic_key: string;
  readonly task_version?: string | null;
  readonly state?: StateCreate;
  readonly empirical_policy?: object;
  readonly tags?: readonly string[];
  readonly labels?: Labels;
  readonly task_inputs?: object;
}

export const taskRuns = (http: Http) => ({
  create: (taskRun: TaskRunCreate) => http.post<TaskRun>("/task_runs/", taskRun),
  read: (id: string) => http.get<TaskRun>(`/task_runs/${id}`),
  update: (id: string, changes: { name: string }) => http.patch(`/task_runs/${id}`, changes),
  delete: (id: string) => http.delete(`/task_runs/${id}`),
  list: (query: ListQuery = {}) => http.post<readonly TaskRun[]>("/task_runs/filter", query),
  count: (query: ListQuery = {}) => http.post<number>("/task_runs/count", query),
  setState: (id: string, state: StateCreate, options: { force?: boolean } = {}) =>
    http.post<OrchestrationResult>(`/task_runs/${id}/set_state`, { state, force: options.force ?? false }),
  states: (id: string) => http.get<readonly State[]>(`/task_run_states/?task_run_id=${id}`),
});
