import { type RawBuilder, sql } from "kysely";
import { type Timestamp, timestampFromMs, timestampToMs } from "../../kit/timestamp.ts";
import type { Database, Db } from "../database.ts";
import { type Dialect, dialectOf } from "../dialects/dialect.ts";
import { type Condition, joinInThisOrder, stretchIndex, timestampValue } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

const HOUR_MS = 3_600_000;
/** Hours further back, more than two years, are not counted ahead. */
const MAX_HOURS = 20_000;

/** What is counted by the hour. `time` and `label` are those the triggers watch (`migrations/hour-count-triggers.ts`). */
interface Subject {
  readonly from: (dialect: Dialect) => RawBuilder<unknown>;
  readonly time: RawBuilder<unknown>;
  /** What else the rows of an hour are told apart by. */
  readonly label: RawBuilder<unknown>;
}

/** Found by their flow runs, whose times are asked for. */
export function flowRunTaskRuns(dialect: Dialect): RawBuilder<unknown> {
  return sql`flow_run ${joinInThisOrder(dialect)} task_run on task_run.flow_run_id = flow_run.id`;
}

const subjects = {
  flow_run: {
    from: () => sql.table("flow_run"),
    time: column("flow_run.expected_start_time"),
    label: sql`cast(flow_run.state_type as text)`,
  },
  task_run: {
    from: () => sql.table("task_run"),
    time: column("task_run.expected_start_time"),
    label: sql`cast(task_run.state_type as text)`,
  },
  /** Task runs in the hour of their flow run. */
  flow_run_task_run: {
    from: flowRunTaskRuns,
    time: column("flow_run.expected_start_time"),
    label: sql`null`,
  },
  events: { from: () => sql.table("events"), time: column("events.occurred"), label: column("events.event") },
} satisfies Readonly<Record<string, Subject>>;

export type CountedSubject = keyof typeof subjects;
export const countedSubjects = Object.keys(subjects) as readonly CountedSubject[];

/** Hours since 1970, from the first up to but not including the last. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export const hourStart = (hour: number): Timestamp => timestampFromMs(hour * HOUR_MS);

function hourOf(db: Db, time: RawBuilder<unknown>): RawBuilder<number> {
  return stretchIndex(dialectOf(db), time, { from: hourStart(0), micros: HOUR_MS * 1000 });
}

/** A stretch of time that ends just before one moment, or with another. */
type Stretch = { readonly from: Timestamp } & ({ readonly before: Timestamp } | { readonly until: Timestamp });

/** The rows whose time lies in the stretch. */
export function isWithin(db: Db, subject: CountedSubject, stretch: Stretch): Condition {
  const { time } = subjects[subject];
  const at = (moment: Timestamp) => timestampValue(dialectOf(db), moment);
  const isOver = "before" in stretch ? sql`${time} < ${at(stretch.before)}` : sql`${time} <= ${at(stretch.until)}`;
  return sql`${time} >= ${at(stretch.from)} and ${isOver}`;
}

/** Hours of which the counts hold, without a gap, and how many rows there are in them by label; of all under "". */
export interface CountedHours extends Hours {
  readonly numbers: ReadonlyMap<string, number>;
}

/** The counts that hold, oldest first, of all rows and of `labels`. */
export async function listCountedHours(
  db: Db,
  subject: CountedSubject,
  of: { readonly hours: Hours; readonly labels: readonly string[] },
): Promise<readonly CountedHours[]> {
  const labels = sql.join(["", ...of.labels]);
  const query = sql<{ from: number; to: number; label: string; number: number }>`
    with settled as (
      select counted.hour, counted.hour - row_number() over (order by counted.hour) as island
      from prefect_ts_hour_count as counted
      where counted.subject = ${subject} and counted.label = ''
        and counted.hour >= ${of.hours.from} and counted.hour < ${of.hours.to}
        and not exists (select 1 from prefect_ts_stale_hour as stale
          where stale.subject = ${subject} and stale.hour = counted.hour)
    ), islands as (
      select min(hour) as first, max(hour) as last from settled group by island
    )
    select first as "from", last + 1 as "to", label, sum(number) as number
    from islands ${joinInThisOrder(dialectOf(db))} prefect_ts_hour_count as counted
      on counted.subject = ${subject} and counted.label in (${labels}) and counted.hour between first and last
    group by first, last, label order by first`;
  const { rows } = await query.execute(db);
  const islands = Map.groupBy(rows, ({ from }) => from);
  return [...islands].map(([from, ofIsland]) => ({
    from,
    to: ofIsland[0]?.to ?? from,
    numbers: new Map(ofIsland.map(({ label, number }) => [label, Number(number)])),
  }));
}

/** Both ends belong to it; one that is not given is open. */
export interface Range {
  readonly after_?: Timestamp | null | undefined;
  readonly before_?: Timestamp | null | undefined;
}

const [FIRST_TIME, LAST_TIME] = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"];

/** The hours that lie wholly within the range. */
export function wholeHours({ after_, before_ }: Range): Hours {
  const hourAt = (time: Timestamp) => Math.floor(timestampToMs(time) / HOUR_MS);
  const first = after_ ? hourAt(after_) : 0;
  return {
    from: after_ && hourStart(first) !== after_ ? first + 1 : first,
    to: hourAt(before_ ?? LAST_TIME),
  };
}

/** What is left of the range: before, between and after the hours that are counted. Each stretch has both its ends. */
export function uncountedTime(counted: readonly CountedHours[], { after_, before_ }: Range): readonly Stretch[] {
  const begins = [after_ ?? FIRST_TIME, ...counted.map(({ to }) => hourStart(to))];
  return begins.map((from, index) => {
    const next = counted[index];
    return next ? { from, before: hourStart(next.from) } : { from, until: before_ ?? LAST_TIME };
  });
}

/** How often it is looked whether the transactions that are open have come to an end, and how long is between. */
const LOOKS = 20;
const LOOK_MS = 50;

/**
 * Hours before this one may be counted: every change to them that is still to be committed tells that it happens.
 * Undefined while a transaction goes on that may have begun before; it is waited for for a second.
 */
export async function settledHour({ read: db, dialect }: Database): Promise<number | undefined> {
  if (!dialect.rowLocks) {
    const now = await sql<{ hour: number }>`select cast(strftime('%s', 'now') as integer) / 3600 - 2 as hour`.execute(
      db,
    );
    return now.rows[0]?.hour;
  }
  const now = sql<{ hour: number; open: string }>`
    select floor(extract(epoch from clock_timestamp()) / 3600)::integer - 2 as hour,
      pg_current_xact_id()::text as open`;
  const { hour, open } = (await now.execute(db)).rows[0] ?? {};
  const over = sql<{ over: boolean }>`select pg_snapshot_xmin(pg_current_snapshot()) >= ${open}::xid8 as over`;
  for (let look = 0; look < LOOKS; look++) {
    if ((await over.execute(db)).rows[0]?.over) return hour;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return undefined;
}

/** Stretches of hours before `before` that are yet to be counted, oldest first; nothing lies before the first of them. */
export async function listUncountedHours(
  db: Db,
  subject: CountedSubject,
  before: number,
): Promise<{ readonly first: number; readonly uncounted: readonly Hours[] }> {
  const { time } = subjects[subject];
  const table = subject === "flow_run_task_run" ? "flow_run" : subject;
  const oldest = sql<{ hour: number | null }>`
    select ${hourOf(db, sql`oldest`)} as hour from (select min(${time}) as oldest from ${sql.table(table)}) as times`;
  const hour = (await oldest.execute(db)).rows[0]?.hour ?? before;
  const first = Math.max(Number(hour), before - MAX_HOURS, 1);
  const counted = await listCountedHours(db, subject, { hours: { from: first, to: before }, labels: [] });
  const ends = [first, ...counted.map(({ to }) => to)];
  const begins = [...counted.map(({ from }) => from), before];
  const uncounted = ends.map((from, index) => ({ from, to: begins[index] ?? before }));
  return { first, uncounted: uncounted.filter(({ from, to }) => from < to) };
}

/** Counts hours anew, or not, when somebody else does so at this moment. */
export async function countHours(tx: Db, subject: CountedSubject, hours: Hours): Promise<void> {
  if (!(await lockCounts(tx))) return;
  await forgetHours(tx, subject, hours);
  const { from, time, label } = subjects[subject];
  const query = sql<{ hour: number; label: string | null; number: number }>`
    select ${hourOf(tx, time)} as hour, ${label} as label, count(*) as number
    from ${from(dialectOf(tx))} where ${isWithin(tx, subject, { from: hourStart(hours.from), before: hourStart(hours.to) })} group by 1, 2`;
  const { rows } = await query.execute(tx);
  const all = new Map<number, number>();
  for (const { hour, number } of rows) all.set(hour, (all.get(hour) ?? 0) + Number(number));
  const counts = rows.flatMap((row) => (row.label === null ? [] : [{ ...row, label: row.label }]));
  for (let hour = hours.from; hour < hours.to; hour++) counts.push({ hour, label: "", number: all.get(hour) ?? 0 });
  for (let at = 0; at < counts.length; at += ROWS) {
    const values = counts.slice(at, at + ROWS).map((count) => ({ subject, ...count, number: Number(count.number) }));
    await tx.insertInto("prefect_ts_hour_count").values(values).execute();
  }
}

/** Of one statement. */
const ROWS = 500;

/**
 * Forgets the counts of hours, and first that they have changed: what is committed later is not seen here and stays said.
 */
async function forgetHours(tx: Db, subject: CountedSubject, { from, to }: Hours): Promise<void> {
  for (const table of ["prefect_ts_stale_hour", "prefect_ts_hour_count"] as const)
    await tx
      .deleteFrom(table)
      .where("subject", "=", subject)
      .where("hour", ">=", from)
      .where("hour", "<", to)
      .execute();
}

/** Whether anything is said of hours before the oldest that is counted. */
export async function hasOlderHours(db: Db, subject: CountedSubject, before: number): Promise<boolean> {
  const isOlder = sql`subject = ${subject} and hour < ${before}`;
  const query = sql`select 1 from prefect_ts_hour_count where label = '' and ${isOlder}
    union all select 1 from prefect_ts_stale_hour where ${isOlder} limit 1`;
  return (await query.execute(db)).rows.length > 0;
}

/** Forgets what was before the oldest row there is. */
export async function forgetOlderHours(tx: Db, subject: CountedSubject, before: number): Promise<void> {
  if (await lockCounts(tx)) await forgetHours(tx, subject, { from: 0, to: before });
}

/** Any number no other program is likely to use. */
const COUNTS_LOCK = 7_733_332;

/** Two that count the same hour could remove what tells that the count of the other is old. */
async function lockCounts(tx: Db): Promise<boolean> {
  if (!dialectOf(tx).rowLocks) return true;
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(COUNTS_LOCK)}) as taken`.execute(tx);
  return rows[0]?.taken === true;
}
