import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { stretchIndex, timestampValue } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingFlowRuns, type RelatedFilters, type Source, taskRunSource } from "../filters/related.ts";
import { estimatedLatenessSeconds, estimatedRunSeconds } from "../filters/run-times.ts";

/** Equal stretches of time, one after the other. */
export interface Stretches {
  readonly start: Timestamp;
  /** The first moment after the last stretch. */
  readonly end: Timestamp;
  readonly lengthMicros: number;
  /** Until when runs under way are counted. */
  readonly now: Timestamp;
}

/** The runs of one stretch that are in one state. */
export interface RunTally {
  /** Of the stretch: 0 for the first. */
  readonly index: number;
  readonly state_type: string;
  readonly state_name: string;
  readonly count_runs: number;
  /** Seconds. */
  readonly sum_estimated_run_time: number;
  /** Seconds. */
  readonly sum_estimated_lateness: number;
}

/** Counts flow runs by the stretch they were expected to start in, and by state. */
export function tallyFlowRuns(db: Db, filters: RelatedFilters, by: Stretches): Promise<readonly RunTally[]> {
  const where = matchingFlowRuns(dialectOf(db), filters);
  return tallyRuns(db, { table: "flow_run", from: sql.table("flow_run"), where }, by);
}

/** The same for task runs. */
export function tallyTaskRuns(db: Db, filters: RelatedFilters, by: Stretches): Promise<readonly RunTally[]> {
  return tallyRuns(db, { table: "task_run", ...taskRunSource(dialectOf(db), filters) }, by);
}

async function tallyRuns(
  db: Db,
  of: { readonly table: "flow_run" | "task_run" } & Source,
  { start, end, lengthMicros, now }: Stretches,
): Promise<readonly RunTally[]> {
  const dialect = dialectOf(db);
  const expected = column(`${of.table}.expected_start_time`);
  const [type, name] = [column(`${of.table}.state_type`), column(`${of.table}.state_name`)];
  const positive = (seconds: unknown) => sql`sum(case when ${seconds} > 0 then ${seconds} else 0 end)`;
  const query = sql<RunTally>`
    select ${stretchIndex(dialect, expected, { from: start, micros: lengthMicros })} as "index",
      ${type} as state_type, ${name} as state_name, count(*) as count_runs,
      ${positive(estimatedRunSeconds(dialect, of.table, now))} as sum_estimated_run_time,
      ${positive(estimatedLatenessSeconds(dialect, of.table, now))} as sum_estimated_lateness
    from ${of.from}
    where ${expected} >= ${timestampValue(dialect, start)} and ${expected} < ${timestampValue(dialect, end)}
      and ${of.where}
    group by 1, 2, 3
    order by 1, 2, 3`;
  const { rows } = await query.execute(db);
  return rows;
}

/** Mean lateness of the matching flow runs in seconds; null when there is none. */
export async function averageLateness(db: Db, filters: RelatedFilters, now: Timestamp): Promise<number | null> {
  const dialect = dialectOf(db);
  const lateness = estimatedLatenessSeconds(dialect, "flow_run", now);
  const query = sql<{ lateness: number | null }>`
    select avg(${lateness}) as lateness from flow_run where ${matchingFlowRuns(dialect, filters)}`;
  const { rows } = await query.execute(db);
  return rows[0]?.lateness ?? null;
}
