import type { Artifact } from "../../schemas/artifact.ts";
import type { Http } from "../http.ts";

export interface ArtifactCreate {
  readonly key?: string;
  readonly type?: string;
  readonly description?: string;
  readonly data?: unknown;
  readonly flow_run_id?: string;
  readonly task_run_id?: string;
}

export const artifacts = (http: Http) => ({
  create: (artifact: ArtifactCreate) => http.post<Artifact>("/artifacts/", artifact),
  read: (id: string) => http.get<Artifact>(`/artifacts/${id}`),
  /** The newest artifact with this key. */
  readLatest: (key: string) => http.get<Artifact>(`/artifacts/${encodeURIComponent(key)}/latest`),
  update: (id: string, changes: { data?: unknown; description?: string }) => http.patch(`/artifacts/${id}`, changes),
  list: (query: { artifacts?: object; sort?: string; limit?: number; offset?: number } = {}) =>
    http.post<readonly Artifact[]>("/artifacts/filter", query),
  delete: (id: string) => http.delete(`/artifacts/${id}`),
});
