import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { insertRows, preparedInsert } from "../insert-rows.ts";

/** An event ready to be stored. */
export interface NewEvent {
  readonly id: string;
  readonly occurred: Timestamp;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: unknown;
  readonly received: Timestamp;
  readonly follows: string | null;
}

const insertEvent = preparedInsert("events", [
  "id",
  "occurred",
  "event",
  "resource_id",
  "resource",
  "related_resource_ids",
  "related",
  "payload",
  "received",
  "recorded",
  "follows",
  "created",
  "updated",
]);

const insertEventResource = preparedInsert("event_resources", [
  "id",
  "occurred",
  "resource_id",
  "resource_role",
  "resource",
  "event_id",
  "created",
  "updated",
]);

/**
 * Stores events and one `event_resources` row per resource involved. An event whose id is known is left as it is.
 * @returns the ids of the events that were new
 */
export async function insertEvents(
  db: Db,
  events: readonly NewEvent[],
  context: { readonly now: Timestamp; readonly nextId: () => string },
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const { timestamp } = dialectOf(db);
  const now = timestamp(context.now);
  const rows = events.map((event) => ({
    id: event.id,
    occurred: timestamp(event.occurred),
    event: event.event,
    resource_id: event.resource["prefect.resource.id"] ?? "",
    resource: JSON.stringify(event.resource),
    related_resource_ids: JSON.stringify(event.related.map((resource) => resource["prefect.resource.id"])),
    related: JSON.stringify(event.related),
    payload: JSON.stringify(event.payload),
    received: timestamp(event.received),
    recorded: now,
    follows: event.follows,
    created: now,
    updated: now,
  }));
  const inserted = await insertRows(db, insertEvent, rows);
  const isNew = new Set(inserted);
  const resources = events
    .filter((event) => isNew.has(event.id))
    .flatMap((event) => resourceRows(event, { occurred: timestamp(event.occurred), now, nextId: context.nextId }));
  await insertRows(db, insertEventResource, resources);
  return isNew;
}

function resourceRows(event: NewEvent, at: { occurred: string; now: string; nextId: () => string }) {
  return [event.resource, ...event.related].map((resource, index) => {
    const { "prefect.resource.id": id = "", "prefect.resource.role": role, ...labels } = resource;
    return {
      id: at.nextId(),
      occurred: at.occurred,
      resource_id: id,
      resource_role: index === 0 ? "" : (role ?? ""),
      resource: JSON.stringify(labels),
      event_id: event.id,
      created: at.now,
      updated: at.now,
    };
  });
}
