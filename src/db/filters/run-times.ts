import { type RawBuilder, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { intervalSeconds, secondsFrom, timestampValue } from "../dialects/expressions.ts";
import { column } from "./filter.ts";

type RunTable = "flow_run" | "task_run";

/** Seconds a run has been RUNNING in all, up to `now` for one that still is. Milliseconds on SQLite. */
export function estimatedRunSeconds(dialect: Dialect, table: RunTable, now: Timestamp): RawBuilder<number> {
  const past = intervalSeconds(dialect, column(`${table}.total_run_time`));
  const current = secondsFrom(dialect, column(`${table}.state_timestamp`), timestampValue(dialect, now));
  return sql<number>`(${past} + case when ${column(`${table}.state_type`)} = 'RUNNING' then ${current} else 0 end)`;
}

/** Seconds a run started, or by `now` should have started, after its expected start; 0 when it is not late. */
export function estimatedLatenessSeconds(dialect: Dialect, table: RunTable, now: Timestamp): RawBuilder<number> {
  const [start, expected] = [column(`${table}.start_time`), column(`${table}.expected_start_time`)];
  const present = timestampValue(dialect, now);
  return sql<number>`(case
    when ${start} > ${expected} then ${secondsFrom(dialect, expected, start)}
    when ${start} is null and ${column(`${table}.state_type`)} not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')
      and ${expected} < ${present} then ${secondsFrom(dialect, expected, present)}
    else 0 end)`;
}
