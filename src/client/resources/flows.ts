import type { Flow } from "../../schemas/flow.ts";
import type { Http } from "../http.ts";
import type { Labels, ListQuery } from "../wire.ts";

export const flows = (http: Http) => ({
  /** Creates the flow, or returns the one that has this name. */
  create: (flow: { name: string; tags?: readonly string[]; labels?: Labels }) => http.post<Flow>("/flows/", flow),
  read: (id: string) => http.get<Flow>(`/flows/${id}`),
  readByName: (name: string) => http.get<Flow>(`/flows/name/${encodeURIComponent(name)}`),
  list: (query: ListQuery = {}) => http.post<readonly Flow[]>("/flows/filter", query),
  count: (query: ListQuery = {}) => http.post<number>("/flows/count", query),
  delete: (id: string) => http.delete(`/flows/${id}`),
});
