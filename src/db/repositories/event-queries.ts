import { type RawBuilder, sql } from "kysely";
import { fromDatabaseTimestamp, type Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { always, isOneOf, jsonLabel, timeRanges } from "../dialects/expressions.ts";
import { type EventCriteria, kindsThat, matchEvent } from "../filters/event.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";
import { countedWithin } from "./count-by-hour.ts";
import { isWithin, uncountedTime } from "./hour-counts.ts";

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

/** Those of the ids that are there, in the order of time. */
export async function findEvents(db: Db, ids: readonly string[]): Promise<readonly EventRow[]> {
  const wanted = isOneOf(dialectOf(db), column("events.id"), { of: ids, type: "uuid" });
  return await db.selectFrom("events").select(EVENT).where(wanted).orderBy("occurred").orderBy("id").execute();
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
  const tallies = by === "event" && isOfKindAndTime(criteria) ? await tallyKinds(db, criteria) : undefined;
  return tallies ?? readTallies(db, anyTally(db, by, criteria));
}

async function readTallies(db: Db, query: RawBuilder<EventTally>): Promise<EventTally[]> {
  const { rows } = await query.execute(db);
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

/** More kinds than that are counted in one go over all events. */
const MANY_KINDS = 200;

/** Kind by kind, each by its part of the index; PostgreSQL counts several at once. Undefined when there are too many. */
async function tallyKinds(db: Db, criteria: EventCriteria): Promise<EventTally[] | undefined> {
  const kinds = (await kindsThat(always).execute(db)).rows.map(({ kind }) => kind);
  if (kinds.length > MANY_KINDS) return undefined;
  if (kinds.length === 0) return [];
  const matching = matchEvent(dialectOf(db), criteria);
  const each = <T>(select: (kind: RawBuilder<string>, source: RawBuilder<unknown>) => RawBuilder<T>) =>
    sql<T>`${sql.join(
      kinds.map((kind) => select(sql`cast(${kind} as text)`, sql`events where events.event = ${kind} and ${matching}`)),
      sql` union all `,
    )}`;
  const bounds = each<EventTally>(
    (kind, source) => sql`select ${kind} as value, ${kind} as label, 0 as count,
      (select min(events.occurred) from ${source}) as start_time, (select max(events.occurred) from ${source}) as end_time`,
  );
  const tallies = await readTallies(db, sql`select * from (${bounds}) as bounds where start_time is not null`);
  const counts = await countKinds(
    db,
    tallies.map(({ value }) => value),
    criteria,
  );
  return tallies
    .map((tally) => ({ ...tally, count: counts.get(tally.value) ?? 0 }))
    .toSorted((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}

/** Most events of most kinds have been counted before. */
async function countKinds(
  db: Db,
  kinds: readonly string[],
  criteria: EventCriteria,
): Promise<ReadonlyMap<string, number>> {
  if (kinds.length === 0) return new Map();
  const range = { after_: criteria.occurred?.since, before_: criteria.occurred?.until };
  const counted = (await countedWithin(db, { subject: "events", labels: kinds, range })) ?? [];
  const rest = uncountedTime(counted, range).map((stretch) => isWithin(db, "events", stretch));
  const matching = matchEvent(dialectOf(db), { ...criteria, occurred: {} });
  const parts = kinds.flatMap((kind) =>
    rest.map(
      (time) => sql`select cast(${kind} as text) as kind, count(*) as number from events
      where events.event = ${kind} and ${time} and ${matching}`,
    ),
  );
  const query = sql<{ kind: string; number: number }>`
    select kind, sum(number) as number from (${sql.join(parts, sql` union all `)}) as parts group by kind`;
  const exact = new Map((await query.execute(db)).rows.map(({ kind, number }) => [kind, Number(number)]));
  return new Map(
    kinds.map((kind) => {
      const known = counted.reduce((sum, { numbers }) => sum + (numbers.get(kind) ?? 0), 0);
      return [kind, known + (exact.get(kind) ?? 0)];
    }),
  );
}

function anyTally(db: Db, by: "event" | "resource", criteria: EventCriteria): RawBuilder<EventTally> {
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
