import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { stretchIndex } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingTaskRuns, type RelatedFilters } from "../filters/related.ts";

/** How the task runs that started in one stretch of time ended. */
export interface Outcomes {
  /** 0 for the first stretch. */
  readonly index: number;
  readonly completed: number;
  readonly failed: number;
}

/** Counts the matching task runs that have started since `from`, by stretches of `lengthMicros`; without empty ones. */
export async function countTaskRunOutcomes(
  db: Db,
  filters: RelatedFilters,
  by: { readonly from: Timestamp; readonly lengthMicros: number },
): Promise<readonly Outcomes[]> {
  const dialect = dialectOf(db);
  const start = column("task_run.start_time");
  const index = stretchIndex(dialect, start, { from: by.from, micros: by.lengthMicros });
  const isFailure = sql`task_run.state_type in ('FAILED', 'CRASHED')`;
  const query = sql<Outcomes>`
    select ${index} as "index",
      sum(case when ${isFailure} then 0 else 1 end) as completed,
      sum(case when ${isFailure} then 1 else 0 end) as failed
    from task_run
    where ${start} is not null and ${matchingTaskRuns(dialect, filters)}
    group by 1`;
  const { rows } = await query.execute(db);
  return rows.map((row) => ({
    index: Number(row.index),
    completed: Number(row.completed),
    failed: Number(row.failed),
  }));
}
