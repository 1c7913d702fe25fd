import type { Http } from "../http.ts";
import type { Log, LogRecord } from "../wire.ts";

export const logs = (http: Http) => ({
  create: (records: readonly LogRecord[]) => http.post<void>("/logs/", records),
  list: (query: { logs?: object; sort?: string; limit?: number; offset?: number } = {}) =>
    http.post<readonly Log[]>("/logs/filter", query),
});
