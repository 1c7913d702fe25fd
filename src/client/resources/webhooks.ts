import type { Webhook } from "../../schemas/webhook.ts";
import type { Http } from "../http.ts";

export interface WebhookFields {
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly template: string;
  /** Null takes the secret away. */
  readonly secret?: string | null;
}

/** Only servers of ours have them. */
export const webhooks = (http: Http) => ({
  create: (webhook: WebhookFields) => http.post<Webhook>("/webhooks/", webhook),
  read: (id: string) => http.get<Webhook>(`/webhooks/${id}`),
  list: (query: { limit?: number; offset?: number } = {}) => http.post<readonly Webhook[]>("/webhooks/filter", query),
  update: (id: string, changes: Partial<WebhookFields>) => http.put(`/webhooks/${id}`, changes),
  /** Gives the webhook another address. */
  rotate: (id: string) => http.post<Webhook>(`/webhooks/${id}/rotate`, {}),
  delete: (id: string) => http.delete(`/webhooks/${id}`),
});
