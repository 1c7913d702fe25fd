import type { Automation } from "../../schemas/automation.ts";
import type { Http } from "../http.ts";

export interface AutomationFields {
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  readonly trigger: object;
  readonly actions: readonly object[];
  readonly actions_on_trigger?: readonly object[];
  readonly actions_on_resolve?: readonly object[];
}

export interface AutomationsQuery {
  readonly automations?: object;
  readonly sort?: "NAME_ASC" | "NAME_DESC" | "CREATED_DESC" | "UPDATED_DESC";
  readonly limit?: number;
  readonly offset?: number;
}

/** Resources are named as in events, for example `prefect.deployment.<id>`. */
export const automations = (http: Http) => ({
  /** `owner_resource` is the one the automation belongs to; see `deleteOwned`. */
  create: (automation: AutomationFields & { readonly owner_resource?: string }) =>
    http.post<Automation>("/automations/", automation),
  read: (id: string) => http.get<Automation>(`/automations/${id}`),
  list: (query: AutomationsQuery = {}) => http.post<readonly Automation[]>("/automations/filter", query),
  /** The automations that belong to a resource, or act on it. */
  listRelated: (resourceId: string) =>
    http.get<readonly Automation[]>(`/automations/related-to/${encodeURIComponent(resourceId)}`),
  /** Replaces name, trigger and actions; what else is absent stays as it is. */
  update: (id: string, automation: AutomationFields) => http.put<void>(`/automations/${id}`, automation),
  pause: (id: string) => http.patch(`/automations/${id}`, { enabled: false }),
  resume: (id: string) => http.patch(`/automations/${id}`, { enabled: true }),
  delete: (id: string) => http.delete(`/automations/${id}`),
  /** Deletes the automations that belong to a resource. */
  deleteOwned: (resourceId: string) => http.delete(`/automations/owned-by/${encodeURIComponent(resourceId)}`),
});
