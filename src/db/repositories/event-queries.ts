import { sql } from "kysely";
import { fromDatabaseTimestamp, type Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { always, jsonLabel, timeRanges } from "../dialects/expressions.ts";
import { type EventCriteria, kindsThat, matchEvent } from "../filters/event.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";

/** What events to list, and whether only the newest (in the order asked for: the first) of each resource. */
export interface EventQuery extends EventCriteria {
  readonly order: "ASC" | "DESC";
  readonly isDistinct: boolean;
}

const EVENT = ["id", "occurred", "event", "resource", "related", "payload", "received", "follows"] as const;
export type EventRow = Pick<Row<"events">, (typeof EVENT)[number]>;

/** Events that match, in the order of time. */
export async function listEvents(
  db: Db,
  query: EventQuery,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly EventRow[]> {
  const direction = query.order === "ASC" ? "asc" : "desc";
  const matching = db.selectFrom("events").where(matchEvent(dialectOf(db), query));
  const first = sql<number>`row_number() over (partition by resource_id order by occurred ${sql.raw(direction)}, id ${sql.raw(direction)})`;
  const inOrder = query.isDistinct
    ? db.selectFrom(matching.select(["id", "occurred", first.as("place")]).as("events")).where("place", "=", 1)
    : matching;
  // The page first: most filters and the order are answered by an index, without the rows.
  const ids = inOrder
    .select("events.id")
    .orderBy("events.occurred", direction)
    .orderBy("events.id", direction)
    .limit(page.limit)
    .offset(page.offset);
  const listed = db.selectFrom("events").select(EVENT).where("id", "in", ids);
  return listed.orderBy("occurred", direction).orderBy("id", direction).execute();
}

export async function countEvents(db: Db, query: Omit<EventQuery, "order">): Promise<number> {
  const counted = query.isDistinct ? sql<number>`count(distinct resource_id)` : sql<number>`count(*)`;
  const row = await db
    .selectFrom("events")
    .select(counted.as("count"))
    .where(matchEvent(dialectOf(db), query))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Events per value: the first and last of them, and the newest label of the value. */
export interface EventTally {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly start_time: Timestamp;
  readonly end_time: Timestamp;
}

/** Counts by kind of event, or by primary resource, most frequent first. */
export async function tallyEvents(db: Db, by: "event" | "resource", criteria: EventCriteria): Promise<EventTally[]> {
  const { rows } = await (by === "event" && isOfKindAndTime(criteria) ? kindTally : anyTally)(db, by, criteria).execute(
    db,
  );
  return rows.map((row) => ({
    ...row,
    count: Number(row.count),
    // Computed columns have no declared type by which SQLite's times would be converted.
    start_time: fromDatabaseTimestamp(row.start_time.replace("Z", "")),
    end_time: fromDatabaseTimestamp(row.end_time.replace("Z", "")),
  }));
}

/** The criteria are on what the index of kinds and times has. */
function isOfKindAndTime({ resource, related, any_resource, id, text }: EventCriteria): boolean {
  return [resource, related, any_resource, id?.id, text].every((part) => part === undefined || part === null);
}

/** Kind by kind, each by its part of the index. */
function kindTally(db: Db, _by: "event" | "resource", criteria: EventCriteria) {
  const ofKind = sql`events where events.event = kinds.kind and ${matchEvent(dialectOf(db), criteria)}`;
  return sql<EventTally>`
    with counted as materialized (
      select kinds.kind, (select count(*) from ${ofKind}) as events, (select min(occurred) from ${ofKind}) as oldest,
        (select max(occurred) from ${ofKind}) as latest
      from (${kindsThat(always)}) as kinds
    )
    select kind as value, kind as label, events as count, oldest as start_time, latest as end_time
    from counted where events > 0 order by events desc, kind`;
}

function anyTally(db: Db, by: "event" | "resource", criteria: EventCriteria) {
  const resource = column("events.resource");
  const name = (label: string) => jsonLabel(dialectOf(db), resource, label);
  const resourceLabel = sql`coalesce(${name("prefect.resource.name")}, ${name("prefect.name")}, events.resource_id)`;
  const [value, label] =
    by === "event" ? [sql`events.event`, sql`events.event`] : [sql`events.resource_id`, resourceLabel];
  return sql<EventTally>`
    with tally as (
      select ${value} as value, ${label} as label, max(occurred) as latest, min(occurred) as oldest, count(*) as events
      from events where ${matchEvent(dialectOf(db), criteria)} group by 1, 2
    ), labelled as (
      select value, first_value(label) over (partition by value order by latest desc) as label, latest, oldest, events
      from tally
    )
    select value, label, sum(events) as count, min(oldest) as start_time, max(latest) as end_time
    from labelled group by value, label order by count desc, label`;
}

/** How many events are in each of the stretches of time, whose bounds belong to them. */
export async function countEventsByTime(
  db: Db,
  stretches: readonly { readonly start: Timestamp; readonly end: Timestamp }[],
  criteria: EventCriteria,
): Promise<readonly number[]> {
  const dialect = dialectOf(db);
  const query = sql<{ count: number }>`
    select (select count(*) from events
      where events.occurred >= stretch.first and events.occurred <= stretch.last and ${matchEvent(dialect, criteria)}) as count
    from ${timeRanges(dialect, stretches)} as stretch order by stretch.place`;
  const { rows } = await query.execute(db);
  return rows.map(({ count }) => Number(count));
}
