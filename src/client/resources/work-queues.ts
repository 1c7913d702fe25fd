import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type {
  WorkQueueResponse as WorkQueue,
  WorkQueueConcurrencyStatus,
  WorkQueueStatusDetail,
} from "../../schemas/work-queue.ts";
import type { Http } from "../http.ts";

const inPool = (pool: string) => `/work_pools/${encodeURIComponent(pool)}/queues`;

export interface WorkQueueUpdate {
  readonly concurrency_limit?: number | null;
  readonly is_paused?: boolean;
  readonly priority?: number | null;
}

/** Queues, those of a pool where one is named. */
export const workQueues = (http: Http) => ({
  create: (queue: WorkQueueUpdate & { readonly name: string }, pool?: string) =>
    http.post<WorkQueue>(pool === undefined ? "/work_queues/" : inPool(pool), queue),
  read: (id: string) => http.get<WorkQueue>(`/work_queues/${id}`),
  readByName: (name: string, pool?: string) =>
    http.get<WorkQueue>(
      pool === undefined
        ? `/work_queues/name/${encodeURIComponent(name)}`
        : `${inPool(pool)}/${encodeURIComponent(name)}`,
    ),
  readStatus: (id: string) => http.get<WorkQueueStatusDetail>(`/work_queues/${id}/status`),
  list: (query: { readonly work_queues?: object; readonly limit?: number; readonly offset?: number }, pool?: string) =>
    http.post<readonly WorkQueue[]>(pool === undefined ? "/work_queues/filter" : `${inPool(pool)}/filter`, query),
  update: (id: string, changes: WorkQueueUpdate) => http.patch(`/work_queues/${id}`, changes),
  delete: (id: string) => http.delete(`/work_queues/${id}`),
  /** What a worker would be given now. */
  getRuns: (id: string, query: { readonly limit?: number; readonly scheduled_before?: string }) =>
    http.post<readonly FlowRun[]>(`/work_queues/${id}/get_runs`, query),
  slots: (id: string, query: { readonly page: number }) =>
    http.post<WorkQueueConcurrencyStatus>(`/work_queues/${id}/concurrency_status`, query),
});
