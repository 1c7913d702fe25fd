import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { rowInserter } from "../insert-rows.ts";

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

const EVENT_COLUMNS = [
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
] as const;
const insertNewEvents = rowInserter("events", EVENT_COLUMNS, {
  skipKnown: true,
  bulk: { json: ["resource", "related_resource_ids", "related", "payload"] },
});
const insertOwnEvents = rowInserter("events", EVENT_COLUMNS);

const insertResources = rowInserter(
  "event_resources",
  ["id", "occurred", "resource_id", "resource_role", "resource", "event_id", "created", "updated"],
  { bulk: { json: ["resource"] } },
);

interface Context {
  readonly now: Timestamp;
  readonly nextId: () => string;
}

/**
 * Stores events from outside and one `event_resources` row per resource involved. An event whose id is known is left as
 * it is.
 * @returns the ids of the events that were new
 */
export async function insertEvents(
  db: Db,
  events: readonly NewEvent[],
  context: Context,
): Promise<ReadonlySet<string>> {
  const isNew = new Set(await insertNewEvents(db, eventRows(db, events, context.now)));
  const fresh = events.filter((event) => isNew.has(event.id));
  await insertResources(db, resourceRows(db, fresh, context));
  return isNew;
}

/** Stores events the server has just made: their ids are new. */
export async function insertServerEvents(db: Db, events: readonly NewEvent[], context: Context): Promise<void> {
  if (events.length === 0) return;
  await insertOwnEvents(db, eventRows(db, events, context.now));
  await insertResources(db, resourceRows(db, events, context));
}

function eventRows(db: Db, events: readonly NewEvent[], at: Timestamp) {
  const { timestamp } = dialectOf(db);
  const now = timestamp(at);
  return events.map((event) => ({
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
}

function resourceRows(db: Db, events: readonly NewEvent[], { now: at, nextId }: Context) {
  const { timestamp } = dialectOf(db);
  const now = timestamp(at);
  return events.flatMap((event) => {
    const occurred = timestamp(event.occurred);
    return [event.resource, ...event.related].map((resource, index) => {
      const { "prefect.resource.id": resource_id = "", "prefect.resource.role": role, ...labels } = resource;
      const resource_role = index === 0 ? "" : (role ?? "");
      const rest = JSON.stringify(labels);
      return {
        id: nextId(),
        occurred,
        resource_id,
        resource_role,
        resource: rest,
        event_id: event.id,
        created: now,
        updated: now,
      };
    });
  });
}
