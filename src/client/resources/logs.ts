import type { Log, LogCreate as LogRecord } from "../../schemas/log.ts";
import type { Http } from "../http.ts";

export const logs = (http: Http) => ({
  create: (records: readonly LogRecord[]) => http.post<void>("/logs/", records),
  list: (query: { logs?: object; sort?: string; limit?: number; offset?: number } = {}) =>
    http.post<readonly Log[]>("/logs/filter", query),
});
