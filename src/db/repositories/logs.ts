import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf, timestampValue } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchLog } from "../filters/log.ts";
import { logOrder } from "../filters/sorting.ts";
import { rowInserter } from "../insert-rows.ts";
import type { Row } from "../tables.ts";

const COLUMNS = [
  "id",
  "created",
  "updated",
  "name",
  "level",
  "message",
  "timestamp",
  "flow_run_id",
  "task_run_id",
] as const;

export interface NewLog {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly timestamp: Timestamp;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
}

const insert = rowInserter("log", COLUMNS, { bulk: { json: [] } });

/**
 * Stores logs, whatever run they name, and gives them as they are stored: NUL characters are left out and lone surrogates
 * replaced, since no database keeps them.
 */
export async function insertLogs(db: Db, logs: readonly NewLog[], now: Timestamp): Promise<readonly Row<"log">[]> {
  const { timestamp } = dialectOf(db);
  const at = timestamp(now);
  const stored = logs.map((log) => ({
    ...log,
    created: now,
    updated: now,
    name: storable(log.name),
    message: storable(log.message),
  }));
  const rows = stored.map((log) => ({ ...log, created: at, updated: at, timestamp: timestamp(log.timestamp) }));
  await insert(db, rows);
  return stored;
}

function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** Logs that match, in the given order. */
export async function listLogs(
  db: Db,
  filter: Parameters<typeof matchLog>[1],
  how: { readonly sort: Parameters<typeof logOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly Row<"log">[]> {
  return db
    .selectFrom("log")
    .select(COLUMNS)
    .where(matchLog(dialectOf(db), filter))
    .orderBy(logOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

/** Those of the ids that are there, in the order of time. */
export async function findLogs(db: Db, ids: readonly string[]): Promise<readonly Row<"log">[]> {
  const wanted = isOneOf(dialectOf(db), column("log.id"), { of: ids, type: "uuid" });
  return await db.selectFrom("log").select(COLUMNS).where(wanted).orderBy(logOrder("TIMESTAMP_ASC")).execute();
}

/** The next logs of a flow run in the order of time; `after` is the last one of the page before. */
export async function listFlowRunLogs(
  db: Db,
  flowRunId: string,
  page: { readonly after?: Pick<Row<"log">, "timestamp" | "id"> | undefined; readonly limit: number },
): Promise<readonly Row<"log">[]> {
  const query = db.selectFrom("log").select(COLUMNS).where("flow_run_id", "=", flowRunId);
  const { after, limit } = page;
  const next = after
    ? query.where(sql<boolean>`(timestamp, id) > (${timestampValue(dialectOf(db), after.timestamp)}, ${after.id})`)
    : query;
  return next.orderBy(logOrder("TIMESTAMP_ASC")).limit(limit).execute();
}

export async function deleteLogsOfFlowRuns(db: Db, ids: readonly string[]): Promise<void> {
  const ofRuns = isOneOf(dialectOf(db), column("log.flow_run_id"), { of: ids, type: "uuid" });
  await db.deleteFrom("log").where(ofRuns).execute();
}

export async function deleteLogsOfTaskRun(db: Db, id: string): Promise<void> {
  await db.deleteFrom("log").where("task_run_id", "=", id).execute();
}
