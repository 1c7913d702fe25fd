import { countTaskRunOutcomes } from "../db/repositories/task-run-outcomes.ts";
import { secondsBetween, type Timestamp } from "../kit/timestamp.ts";
import type { TaskRunFilter } from "../schemas/filters/task-run-filter.ts";
import type { ServerContext } from "./context.ts";
import { CountsNeedStart } from "./errors.ts";

const STRETCHES = 20;
const TERMINAL = ["COMPLETED", "CANCELLED", "FAILED", "CRASHED"] as const;

type Filters = Omit<Parameters<typeof countTaskRunOutcomes>[1], "task_runs"> & { readonly task_runs: TaskRunFilter };

/**
 * How ended task runs ended, in 20 equal stretches from the minute of `task_runs.start_time.after_` to the end of the
 * minute of `before_`, or of now.
 * @throws CountsNeedStart
 */
export async function taskRunOutcomes(ctx: ServerContext, filters: Filters) {
  const { after_, before_ } = filters.task_runs.start_time ?? {};
  if (!after_) throw CountsNeedStart();
  const from = startOfMinute(after_);
  const seconds = secondsBetween(from, endOfMinute(before_ ?? ctx.clock.now()));
  const outcomes = Array.from({ length: STRETCHES }, () => ({ completed: 0, failed: 0 }));
  if (seconds <= 0) return outcomes;
  const task_runs = { ...filters.task_runs, state: { operator: "and_" as const, type: { any_: TERMINAL } } };
  const lengthMicros = Math.round((seconds * 1_000_000) / STRETCHES);
  for (const { index, ...counts } of await countTaskRunOutcomes(
    ctx.db.read,
    { ...filters, task_runs },
    { from, lengthMicros },
  )) {
    if (index in outcomes) outcomes[index] = counts;
  }
  return outcomes;
}

const startOfMinute = (time: Timestamp): Timestamp => `${time.slice(0, 16)}:00Z`;
const endOfMinute = (time: Timestamp): Timestamp => `${time.slice(0, 16)}:59.999999Z`;
