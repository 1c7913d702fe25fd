import type { Event } from "../../schemas/event.ts";
import type { Http } from "../http.ts";

export const events = (http: Http) => ({
  create: (batch: readonly Event[]) => http.post<void>("/events", batch),
  list: (filter: object, limit?: number) =>
    http.post<{ events: readonly Event[]; total: number; next_page: string | null }>("/events/filter", {
      filter,
      ...(limit === undefined ? {} : { limit }),
    }),
});
