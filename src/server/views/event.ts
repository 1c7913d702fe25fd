import type { EventRow } from "../../db/repositories/event-queries.ts";
import { jsonColumn } from "./json-column.ts";

/** An event as the API gives it. */
export function eventView(row: EventRow) {
  return {
    occurred: row.occurred,
    event: row.event,
    resource: jsonColumn(row.resource),
    related: jsonColumn(row.related),
    payload: jsonColumn(row.payload),
    id: row.id,
    follows: row.follows,
    received: row.received,
  };
}
