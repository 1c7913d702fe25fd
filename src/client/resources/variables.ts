import type { Variable } from "../../schemas/variable.ts";
import type { Http } from "../http.ts";

const pathOf = (name: string) => `/variables/name/${encodeURIComponent(name)}`;

export const variables = (http: Http) => ({
  create: (variable: { name: string; value: unknown; tags?: readonly string[] }) =>
    http.post<Variable>("/variables/", variable),
  read: (name: string) => http.get<Variable>(pathOf(name)),
  update: (name: string, changes: { value?: unknown; tags?: readonly string[] }) => http.patch(pathOf(name), changes),
  list: (query: { variables?: object; sort?: string; limit?: number; offset?: number } = {}) =>
    http.post<readonly Variable[]>("/variables/filter", query),
  delete: (name: string) => http.delete(pathOf(name)),
});
