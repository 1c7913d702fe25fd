import type { WorkerResponse as Worker } from "../../schemas/worker.ts";
import type { Http } from "../http.ts";

/** The workers of a pool. */
export const workers = (http: Http) => ({
  list: (pool: string, query: { workers?: object; limit?: number; offset?: number } = {}) =>
    http.post<readonly Worker[]>(`/work_pools/${encodeURIComponent(pool)}/workers/filter`, query),
});
