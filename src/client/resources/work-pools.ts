import type { WorkPoolResponse as WorkPool } from "../../schemas/work-pool.ts";
import type { Http } from "../http.ts";

const pathOf = (name: string) => `/work_pools/${encodeURIComponent(name)}`;

export interface WorkPoolUpdate {
  readonly description?: string | null;
  readonly base_job_template?: object;
  readonly is_paused?: boolean;
  readonly concurrency_limit?: number | null;
}

export const workPools = (http: Http) => ({
  create: (pool: WorkPoolUpdate & { name: string; type: string }) => http.post<WorkPool>("/work_pools/", pool),
  read: (name: string) => http.get<WorkPool>(pathOf(name)),
  update: (name: string, changes: WorkPoolUpdate) => http.patch(pathOf(name), changes),
  list: (query: { work_pools?: object; limit?: number; offset?: number } = {}) =>
    http.post<readonly WorkPool[]>("/work_pools/filter", query),
  delete: (name: string) => http.delete(pathOf(name)),
});
