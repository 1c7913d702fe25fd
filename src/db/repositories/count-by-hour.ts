import { type SqlBool, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { column } from "../filters/filter.ts";
import type { RelatedFilters, Source } from "../filters/related.ts";
import {
  type CountedHours,
  type CountedSubject,
  isWithin,
  listCountedHours,
  uncountedTime,
  wholeHours,
} from "./hour-counts.ts";

/** Both ends belong to it. */
interface Range {
  readonly after_?: Timestamp | null | undefined;
  readonly before_?: Timestamp | null | undefined;
}

/** Rows that counts by the hour know of: those of a range of times, in all states or in some. */
export interface CountPlan {
  readonly subject: CountedSubject;
  readonly range: Range;
  /** Undefined: whatever the label. */
  readonly labels?: readonly string[] | undefined;
}

/** With more gaps between the hours that are counted, counting them all at once is faster. */
const MAX_STRETCHES = 30;

/** How many rows match, where most of them have been counted before. `source` gives the same rows as the plan. */
export async function countWithPlan(db: Db, plan: CountPlan | undefined, source: Source): Promise<number> {
  const counted = plan && (await countedWithin(db, plan));
  if (!plan || !counted) return countExactly(db, [source]);
  const { subject, labels, range } = plan;
  const known = counted.flatMap(({ numbers }) => (labels ?? [""]).map((label) => numbers.get(label) ?? 0));
  const isUnbounded = !range.after_ && !range.before_;
  const rest = uncountedTime(counted).map((hours) => isWithin(db, subject, hours));
  const timeless = column(`${subject === "task_run" ? "task_run" : "flow_run"}.expected_start_time`);
  const parts = isUnbounded ? [...rest, sql<SqlBool>`${timeless} is null`] : rest;
  const exact = await countExactly(
    db,
    parts.map((part) => ({ from: source.from, where: sql<SqlBool>`${source.where} and ${part}` })),
  );
  return known.reduce((sum, number) => sum + number, exact);
}

/** Undefined where counting ahead does not help. */
export async function countedWithin(
  db: Db,
  { subject, labels = [], range }: CountPlan,
): Promise<readonly CountedHours[] | undefined> {
  const hours = wholeHours(range.after_, range.before_);
  if (hours.from >= hours.to) return undefined;
  const counted = await listCountedHours(db, subject, { hours, labels });
  return counted.length > 0 && counted.length <= MAX_STRETCHES ? counted : undefined;
}

/** How many rows there are in parts that have nothing in common. */
async function countExactly(db: Db, parts: readonly Source[]): Promise<number> {
  const counts = parts.map(({ from, where }) => sql`select count(*) as number from ${from} where ${where}`);
  const query = sql<{
    number: number;
  }>`select sum(number) as number from (${sql.join(counts, sql` union all `)}) as parts`;
  return Number((await query.execute(db)).rows[0]?.number ?? 0);
}

/** Undefined where the filters ask for more than counts by the hour know. */
export function planFlowRunCount(filters: RelatedFilters): CountPlan | undefined {
  return saysOnly(partsOf(filters), ["flow_runs"]) ? planRunCount("flow_run", filters.flow_runs) : undefined;
}

export function planTaskRunCount(filters: RelatedFilters): CountPlan | undefined {
  const parts = partsOf(filters);
  if (saysOnly(parts, ["task_runs"])) return planRunCount("task_run", filters.task_runs);
  const { flow_runs } = filters;
  if (!saysOnly(parts, ["flow_runs"]) || !saysOnly(flow_runs, ["expected_start_time"])) return undefined;
  return flow_runs?.expected_start_time
    ? { subject: "flow_run_task_run", range: flow_runs.expected_start_time }
    : undefined;
}

type RunCriteria = RelatedFilters["flow_runs"] | RelatedFilters["task_runs"];

function planRunCount(subject: "flow_run" | "task_run", criteria: RunCriteria): CountPlan | undefined {
  if (!saysOnly(criteria, ["state", "expected_start_time"])) return undefined;
  const { state, expected_start_time } = criteria ?? {};
  if (!saysOnly(state, ["type"]) || !saysOnly(state?.type, ["any_"])) return undefined;
  const types = state?.type?.any_;
  return { subject, range: expected_start_time ?? {}, labels: types ? [...new Set(types)] : undefined };
}

function partsOf({ flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues }: RelatedFilters) {
  return { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues };
}

/** Whether nothing but `names` is given, and all that is given must hold. */
function saysOnly(filter: object | null | undefined, names: readonly string[]): boolean {
  return Object.entries(filter ?? {}).every(([name, value]) => {
    if (value === null || value === undefined) return true;
    return name === "operator" ? value === "and_" : names.includes(name);
  });
}
