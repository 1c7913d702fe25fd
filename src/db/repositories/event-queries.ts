import { type RawBuilder, sql } from "kysely";
import { fromDatabaseTimestamp, type Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { jsonLabel, secondsFrom, timestampValue } from "../dialects/expressions.ts";
import { type EventCriteria, matchEvent } from "../filters/event.ts";
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
  const listed = query.isDistinct
    ? db
        .selectFrom(matching.select([...EVENT, first.as("place")]).as("events"))
        .select(EVENT)
        .where("place", "=", 1)
    : matching.select(EVENT);
  return listed.orderBy("occurred", direction).orderBy("id", direction).limit(page.limit).offset(page.offset).execute();
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
  const resource = column("events.resource");
  const name = (label: string) => jsonLabel(dialectOf(db), resource, label);
  const resourceLabel = sql`coalesce(${name("prefect.resource.name")}, ${name("prefect.name")}, events.resource_id)`;
  const [value, label] =
    by === "event" ? [sql`events.event`, sql`events.event`] : [sql`events.resource_id`, resourceLabel];
  const query = sql<EventTally>`
    with tally as (
      select ${value} as value, ${label} as label, max(occurred) as latest, min(occurred) as oldest, count(*) as events
      from events where ${matchEvent(dialectOf(db), criteria)} group by 1, 2
    ), labelled as (
      select value, first_value(label) over (partition by value order by latest desc) as label, latest, oldest, events
      from tally
    )
    select value, label, sum(events) as count, min(oldest) as start_time, max(latest) as end_time
    from labelled group by value, label order by count desc, label`;
  const { rows } = await query.execute(db);
  return rows.map((row) => ({
    ...row,
    count: Number(row.count),
    // Computed columns have no declared type by which SQLite's times would be converted.
    start_time: fromDatabaseTimestamp(row.start_time.replace("Z", "")),
    end_time: fromDatabaseTimestamp(row.end_time.replace("Z", "")),
  }));
}

/** Counts by stretches of `seconds` that follow each other since `from`; stretches without events are left out. */
export async function countEventsByTime(
  db: Db,
  stretch: { readonly from: Timestamp; readonly seconds: number },
  criteria: EventCriteria,
): Promise<ReadonlyMap<number, number>> {
  const dialect = dialectOf(db);
  const since = secondsFrom(dialect, timestampValue(dialect, stretch.from), column("events.occurred"));
  const length: RawBuilder<number> = sql`cast(${String(stretch.seconds)} as double precision)`;
  const index = sql<number>`floor(${since} / ${length})`;
  const query = sql<{ index: number; count: number }>`
    select ${index} as "index", count(*) as "count" from events where ${matchEvent(dialect, criteria)} group by 1`;
  const { rows } = await query.execute(db);
  return new Map(rows.map((row) => [Number(row.index), Number(row.count)]));
}
