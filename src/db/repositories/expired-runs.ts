import { sql } from "kysely";
import { TERMINAL_TYPES } from "../../domain/orchestration/states.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { type Condition, isAmong, isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

/**
 * Locks up to `limit` finished runs that are no subflows and ended before `before` (database form), and gives their ids;
 * runs that somebody else has locked are left out.
 */
export async function lockExpiredFlowRuns(tx: Db, before: string, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  // Nothing ends before it begins, and by its beginning and its type a run is found in an index.
  for (const type of TERMINAL_TYPES) {
    const query = tx
      .selectFrom("flow_run")
      .select("id")
      .where("state_type", "=", type)
      .where(sql<boolean>`coalesce(start_time, expected_start_time) < ${before}`)
      .where("end_time", "<", before)
      .where("parent_task_run_id", "is", null)
      .orderBy(sql`coalesce(start_time, expected_start_time)`)
      .limit(limit - ids.length);
    const rows = await (dialectOf(tx).rowLocks ? query.forUpdate().skipLocked() : query).execute();
    ids.push(...rows.map(({ id }) => id));
    if (ids.length >= limit) break;
  }
  return ids;
}

/** The same for task runs that belong to no flow run. */
export async function lockExpiredTaskRuns(tx: Db, before: string, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const type of TERMINAL_TYPES) {
    const query = tx
      .selectFrom("task_run")
      .select("id")
      .where("state_type", "=", type)
      .where("start_time", "<", before)
      .where("end_time", "<", before)
      .where("flow_run_id", "is", null)
      .orderBy("start_time")
      .limit(limit - ids.length);
    const rows = await (dialectOf(tx).rowLocks ? query.forUpdate().skipLocked() : query).execute();
    ids.push(...rows.map(({ id }) => id));
    if (ids.length >= limit) break;
  }
  return ids;
}

/** What goes with a run, and by which column it is found. */
export type LeftByRuns = "log" | "artifact" | "task_run";

export interface RunIds {
  readonly by: "flow_run_id" | "task_run_id";
  readonly ids: readonly string[];
}

/** A row that was deleted. `key`: an artifact's. */
export interface DeletedRow {
  readonly id: string;
  readonly key: string | null;
}

/** Deletes up to `limit` rows that runs have left; task runs go with their states. */
export function deleteLeftByRuns(tx: Db, table: LeftByRuns, of: RunIds & { limit: number }) {
  return deleteSome(tx, table, {
    where: isOneOf(dialectOf(tx), sql.ref(`${table}.${of.by}`), { of: of.ids, type: "uuid" }),
    limit: of.limit,
  });
}

/** Deletes up to `limit` logs, of these runs or of no flow run, that are older than `before` (database form). */
export function deleteOldLogs(
  tx: Db,
  of: { readonly flowRunIds: readonly string[] | null; readonly before: string; readonly limit: number },
): Promise<readonly DeletedRow[]> {
  const flowRunId = column("log.flow_run_id");
  const ofRuns =
    of.flowRunIds === null
      ? sql`${flowRunId} is null`
      : isOneOf(dialectOf(tx), flowRunId, { of: of.flowRunIds, type: "uuid" });
  return deleteSome(tx, "log", { where: sql`${ofRuns} and "timestamp" < ${of.before}`, limit: of.limit });
}

/** Deletes up to `limit` artifacts of these keys that are older than `before` (database form) and not the newest. */
export function deleteSupersededArtifacts(
  tx: Db,
  of: { readonly keys: readonly string[]; readonly before: string; readonly limit: number },
): Promise<readonly DeletedRow[]> {
  const ofKeys = isOneOf(dialectOf(tx), column("artifact.key"), { of: of.keys, type: "text" });
  const newest = sql`select latest_id from artifact_collection as c where c.key = artifact.key`;
  return deleteSome(tx, "artifact", {
    where: sql`${ofKeys} and created < ${of.before} and id not in (${newest})`,
    limit: of.limit,
  });
}

async function deleteSome(
  tx: Db,
  table: LeftByRuns,
  { where, limit }: { readonly where: Condition; readonly limit: number },
): Promise<readonly DeletedRow[]> {
  const key = table === "artifact" ? sql`key` : sql`null as key`;
  const some = sql`select id from ${sql.table(table)} where ${where} limit ${limit}`;
  const { rows } = await sql<DeletedRow>`
    delete from ${sql.table(table)} where ${isAmong(dialectOf(tx), sql.ref("id"), some)} returning id, ${key}`.execute(
    tx,
  );
  return rows;
}

/** Deletes task runs that belong to no flow run, with their states. */
export async function deleteTaskRuns(tx: Db, ids: readonly string[]): Promise<void> {
  await tx
    .deleteFrom("task_run")
    .where(isOneOf(dialectOf(tx), column("task_run.id"), { of: ids, type: "uuid" }))
    .execute();
}
