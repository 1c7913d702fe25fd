import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { WorkPoolResponse as WorkPool, WorkPoolConcurrencyStatus } from "../../schemas/work-pool.ts";
import type { WorkQueueResponse as WorkQueue } from "../../schemas/work-queue.ts";
import type { Http } from "../http.ts";

const pathOf = (name: string) => `/work_pools/${encodeURIComponent(name)}`;

export interface WorkPoolUpdate {
  readonly description?: string | null;
  readonly base_job_template?: object;
  readonly is_paused?: boolean;
  readonly concurrency_limit?: number | null;
}

/** A run that is due, with the queue it comes from; the run's state is not told. */
export interface DueFlowRun {
  readonly work_pool_id: string;
  readonly work_queue_id: string;
  readonly flow_run: FlowRun;
}

export interface DueRunsQuery {
  readonly work_queue_names?: readonly string[];
  readonly scheduled_before?: string;
  readonly limit?: number;
}

export const workPools = (http: Http) => ({
  create: (pool: WorkPoolUpdate & { name: string; type: string }) => http.post<WorkPool>("/work_pools/", pool),
  read: (name: string) => http.get<WorkPool>(pathOf(name)),
  update: (name: string, changes: WorkPoolUpdate) => http.patch(pathOf(name), changes),
  list: (query: { work_pools?: object; limit?: number; offset?: number } = {}) =>
    http.post<readonly WorkPool[]>("/work_pools/filter", query),
  delete: (name: string) => http.delete(pathOf(name)),
  getScheduledFlowRuns: (name: string, query: DueRunsQuery) =>
    http.post<readonly DueFlowRun[]>(`${pathOf(name)}/get_scheduled_flow_runs`, query),
  listQueues: (name: string, query: { work_queues?: object; limit?: number; offset?: number } = {}) =>
    http.post<readonly WorkQueue[]>(`${pathOf(name)}/queues/filter`, query),
  slots: (name: string, query: { readonly page: number; readonly flow_run_limit: number }) =>
    http.post<WorkPoolConcurrencyStatus>(`${pathOf(name)}/concurrency_status`, query),
  sendWorkerHeartbeat: (name: string, worker: { name: string; heartbeat_interval_seconds: number }) =>
    http.post<void>(`${pathOf(name)}/workers/heartbeat`, worker),
});
