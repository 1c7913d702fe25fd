import { type RawBuilder, sql } from "kysely";
import type { Db } from "../database.ts";
import { jsonText } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

/** A run, and the state it was in when it was listed. */
interface RunInState {
  readonly id: string;
  readonly state_id: string | null;
}

/** Runs still named Scheduled that were due at `before` (database form), the longest overdue first. */
export async function listOverdueRuns(
  db: Db,
  before: string,
  limit: number,
): Promise<readonly (RunInState & { readonly next_scheduled_start_time: string | null })[]> {
  return await db
    .selectFrom("flow_run")
    .select(["id", "state_id", "next_scheduled_start_time"])
    .where("state_type", "=", "SCHEDULED")
    .where("state_name", "=", "Scheduled")
    .where("next_scheduled_start_time", "<=", before)
    .orderBy("next_scheduled_start_time")
    .limit(limit)
    .execute();
}

/** Paused runs with the time their pause ends, by id. */
export async function listPausedRuns(
  db: Db,
  page: { readonly afterId: string | undefined; readonly limit: number },
): Promise<readonly (RunInState & { readonly pause_timeout: string | null })[]> {
  const timeout: RawBuilder<string | null> = jsonText(column("flow_run_state.state_details"), "pause_timeout");
  let query = db
    .selectFrom("flow_run")
    .innerJoin("flow_run_state", "flow_run_state.id", "flow_run.state_id")
    .select(["flow_run.id", "flow_run.state_id", timeout.as("pause_timeout")])
    .where("flow_run.state_type", "=", "PAUSED");
  if (page.afterId !== undefined) query = query.where("flow_run.id", ">", page.afterId);
  return await query.orderBy("flow_run.id").limit(page.limit).execute();
}

/** Runs that have been CANCELLING since `before` (database form) or longer. */
export async function listStuckCancellations(db: Db, before: string, limit: number): Promise<readonly RunInState[]> {
  return await db
    .selectFrom("flow_run")
    .select(["id", "state_id"])
    .where("state_type", "=", "CANCELLING")
    .where("state_timestamp", "<=", before)
    .orderBy("state_timestamp")
    .limit(limit)
    .execute();
}

const UNFINISHED = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"] as const;

/** Task runs that have not ended though their flow run was CANCELLED after `since` (database form). */
export async function listTaskRunsOfCancelledRuns(
  db: Db,
  since: string,
  limit: number,
): Promise<readonly RunInState[]> {
  return await db
    .selectFrom("flow_run")
    .innerJoin("task_run", "task_run.flow_run_id", "flow_run.id")
    .select(["task_run.id", "task_run.state_id"])
    .where("flow_run.state_type", "=", "CANCELLED")
    .where("flow_run.end_time", ">=", since)
    .where("task_run.state_type", "in", UNFINISHED)
    .orderBy("task_run.id")
    .limit(limit)
    .execute();
}

/** Subflow runs that have not ended though the flow run they belong to was CANCELLED. Those of deployments only once. */
export async function listSubflowsOfCancelledRuns(
  db: Db,
  limit: number,
): Promise<readonly (RunInState & { readonly deployment_id: string | null })[]> {
  return await db
    .selectFrom("flow_run as parent")
    .innerJoin("task_run", "task_run.flow_run_id", "parent.id")
    .innerJoin("flow_run as subflow", "subflow.parent_task_run_id", "task_run.id")
    .select(["subflow.id", "subflow.state_id", "subflow.deployment_id"])
    .where("parent.state_type", "=", "CANCELLED")
    .where("subflow.state_type", "in", UNFINISHED)
    .where(sql<boolean>`not (subflow.deployment_id is not null and subflow.state_type = 'CANCELLING')`)
    .orderBy("subflow.id")
    .limit(limit)
    .execute();
}

/**
 * Task runs of a flow run that have not ended, without those that stand for subflows: they end with the subflow, which
 * has a process, and a lease, of its own.
 */
export async function listAbandonedTaskRunIds(db: Db, flowRunId: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("task_run")
    .select("id")
    .where("flow_run_id", "=", flowRunId)
    .where("state_type", "in", UNFINISHED)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("flow_run").select("id").whereRef("flow_run.parent_task_run_id", "=", "task_run.id"))),
    )
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
