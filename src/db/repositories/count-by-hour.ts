import { type SqlBool, sql } from "kysely";
import type { Db } from "../database.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { always } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingFlowRuns, matchingTaskRuns, type RelatedFilters, type Source } from "../filters/related.ts";
import {
  type CountedHours,
  type CountedSubject,
  flowRunTaskRuns,
  isWithin,
  listCountedHours,
  type Range,
  uncountedTime,
  wholeHours,
} from "./hour-counts.ts";

/** Rows that counts by the hour know of: those of a range of times, in all states or in some. */
export interface CountPlan {
  readonly subject: CountedSubject;
  readonly range: Range;
  /** Undefined: whatever the label. */
  readonly labels?: readonly string[] | undefined;
}

/** With more gaps between the hours that are counted, counting them all at once is faster. */
const MAX_STRETCHES = 30;

/** How many rows of `source` match, most of which have been counted before where there is a plan. */
export async function countWithPlan(
  db: Db,
  plan: (CountPlan & { readonly outsideRange: Source }) | undefined,
  source: () => Source,
): Promise<number> {
  const counted = plan && (await countedWithin(db, plan));
  if (!plan || !counted) return countExactly(db, [source()]);
  const { subject, labels, range, outsideRange } = plan;
  const known = counted.flatMap(({ numbers }) => (labels ?? [""]).map((label) => numbers.get(label) ?? 0));
  const stretches = uncountedTime(counted, range).map((stretch) => isWithin(db, subject, stretch));
  const timeless = column(`${subject === "task_run" ? "task_run" : "flow_run"}.expected_start_time`);
  const isUnbounded = !range.after_ && !range.before_;
  const parts = isUnbounded ? [...stretches, sql<SqlBool>`${timeless} is null`] : stretches;
  const exact = await countExactly(
    db,
    parts.map((part) => ({ ...outsideRange, where: sql<SqlBool>`${outsideRange.where} and ${part}` })),
  );
  return known.reduce((sum, number) => sum + number, exact);
}

/** Undefined where counting ahead does not help. */
export async function countedWithin(
  db: Db,
  { subject, labels = [], range }: CountPlan,
): Promise<readonly CountedHours[] | undefined> {
  const hours = wholeHours(range);
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

/**
 * The plan for what the filters ask, with the same rows at any time: SQLite looks for one of the ends that a range has,
 * and not for the nearest. Undefined where they ask for more than counts by the hour know.
 */
export function planFlowRunCount(dialect: Dialect, filters: RelatedFilters) {
  if (!saysOnly(partsOf(filters), ["flow_runs"])) return undefined;
  const plan = planRunCount("flow_run", filters.flow_runs);
  const where = matchingFlowRuns(dialect, { flow_runs: { state: filters.flow_runs?.state ?? null } });
  return plan && { ...plan, outsideRange: { from: sql.table("flow_run"), where } };
}

export function planTaskRunCount(dialect: Dialect, filters: RelatedFilters) {
  const parts = partsOf(filters);
  if (saysOnly(parts, ["task_runs"])) {
    const plan = planRunCount("task_run", filters.task_runs);
    const where = matchingTaskRuns(dialect, { task_runs: { state: filters.task_runs?.state ?? null } });
    return plan && { ...plan, outsideRange: { from: sql.table("task_run"), where } };
  }
  const { flow_runs } = filters;
  const range = flow_runs?.expected_start_time;
  if (!range || !saysOnly(parts, ["flow_runs"]) || !saysOnly(flow_runs, ["expected_start_time"])) return undefined;
  return {
    subject: "flow_run_task_run" as const,
    range,
    outsideRange: { from: flowRunTaskRuns(dialect), where: always },
  };
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
