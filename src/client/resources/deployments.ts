import type { DeploymentResponse as Deployment, DeploymentSchedule } from "../../schemas/deployment.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { Http } from "../http.ts";
import type { Labels, ListQuery, StateCreate } from "../wire.ts";

export interface ScheduleCreate {
  readonly schedule: object;
  readonly active?: boolean;
  readonly slug?: string;
  readonly parameters?: object;
  readonly max_scheduled_runs?: number;
}

export interface DeploymentUpdate {
  readonly version?: string | null;
  readonly description?: string | null;
  readonly entrypoint?: string | null;
  readonly path?: string | null;
  readonly paused?: boolean;
  readonly tags?: readonly string[];
  readonly labels?: Labels;
  readonly parameters?: object;
  readonly parameter_openapi_schema?: object;
  readonly enforce_parameter_schema?: boolean;
  readonly schedules?: readonly ScheduleCreate[];
  readonly concurrency_limit?: number | null;
  readonly concurrency_options?: object | null;
  readonly pull_steps?: readonly object[];
  readonly work_pool_name?: string | null;
  readonly work_queue_name?: string | null;
  readonly job_variables?: object;
  readonly version_info?: object;
}

export interface DeploymentCreate extends DeploymentUpdate {
  readonly name: string;
  readonly flow_id: string;
}

export interface DeploymentRunCreate {
  readonly name?: string;
  readonly parameters?: object;
  readonly state?: StateCreate;
  readonly tags?: readonly string[];
  readonly idempotency_key?: string;
  readonly parent_task_run_id?: string;
  readonly work_queue_name?: string;
  readonly job_variables?: object;
  readonly enforce_parameter_schema?: boolean;
}

export interface ScheduledRunsQuery {
  readonly deployment_ids: readonly string[];
  readonly scheduled_before?: string;
  readonly limit?: number;
}

export const deployments = (http: Http) => ({
  /** Creates the deployment, or replaces the one of this flow that has this name. */
  create: (deployment: DeploymentCreate) => http.post<Deployment>("/deployments/", deployment),
  update: (id: string, changes: DeploymentUpdate) => http.patch(`/deployments/${id}`, changes),
  read: (id: string) => http.get<Deployment>(`/deployments/${id}`),
  readByName: (flowName: string, name: string) =>
    http.get<Deployment>(`/deployments/name/${encodeURIComponent(flowName)}/${encodeURIComponent(name)}`),
  list: (query: ListQuery = {}) => http.post<readonly Deployment[]>("/deployments/filter", query),
  count: (query: ListQuery = {}) => http.post<number>("/deployments/count", query),
  delete: (id: string) => http.delete(`/deployments/${id}`),
  pause: (id: string) => http.post<void>(`/deployments/${id}/pause_deployment`),
  resume: (id: string) => http.post<void>(`/deployments/${id}/resume_deployment`),
  listSchedules: (id: string) => http.get<readonly DeploymentSchedule[]>(`/deployments/${id}/schedules`),
  createSchedules: (id: string, schedules: readonly ScheduleCreate[]) =>
    http.post<readonly DeploymentSchedule[]>(`/deployments/${id}/schedules`, schedules),
  updateSchedule: (id: string, scheduleId: string, changes: Partial<ScheduleCreate>) =>
    http.patch(`/deployments/${id}/schedules/${scheduleId}`, changes),
  deleteSchedule: (id: string, scheduleId: string) => http.delete(`/deployments/${id}/schedules/${scheduleId}`),
  createFlowRun: (id: string, run: DeploymentRunCreate = {}) =>
    http.post<FlowRun>(`/deployments/${id}/create_flow_run`, run),
  getScheduledFlowRuns: (query: ScheduledRunsQuery) =>
    http.post<readonly FlowRun[]>("/deployments/get_scheduled_flow_runs", query),
});
