import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf, jsonText, timestampValue } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { type FlowRunRow, flowRunQuery } from "./flow-runs.ts";

/** What a worker asks for: SCHEDULED runs of some queues, in a stretch of time. */
export interface DueRequest {
  readonly queueIds: readonly string[];
  readonly before?: Timestamp | undefined;
  readonly after?: Timestamp | undefined;
  /** Of all queues together; what concurrency limits leave free of each queue is in `freeSlots`. */
  readonly limit: number;
  /** Most runs by queue; a queue that is missing has no limit of its own. */
  readonly freeSlots: ReadonlyMap<string, number>;
}

/** The due runs of these queues, queue by queue in their given order, then by time. Runs retried in process stay out. */
export async function listDueRuns(db: Db, request: DueRequest): Promise<readonly FlowRunRow[]> {
  const rows: FlowRunRow[] = [];
  for (const queueId of request.queueIds) {
    const left = request.limit - rows.length;
    const most = Math.min(left, request.freeSlots.get(queueId) ?? left);
    if (most > 0) rows.push(...(await listDueRunsOfQueue(db, { ...request, queueIds: [queueId], limit: most })));
  }
  return rows;
}

async function listDueRunsOfQueue(db: Db, request: DueRequest): Promise<readonly FlowRunRow[]> {
  const dialect = dialectOf(db);
  const retryType = jsonText(column("flow_run.empirical_policy"), "retry_type");
  let query = flowRunQuery(db)
    .where(isOneOf(dialect, column("flow_run.work_queue_id"), { of: request.queueIds, type: "uuid" }))
    .where("flow_run.state_type", "=", "SCHEDULED")
    .where(sql<boolean>`(${retryType} is null or ${retryType} <> 'in_process')`);
  const time = (value: Timestamp) => timestampValue(dialect, value);
  if (request.before !== undefined)
    query = query.where("flow_run.next_scheduled_start_time", "<=", time(request.before));
  if (request.after !== undefined) query = query.where("flow_run.next_scheduled_start_time", ">=", time(request.after));
  return await query
    .orderBy("flow_run.next_scheduled_start_time")
    .orderBy("flow_run.id")
    .limit(request.limit)
    .execute();
}

/** Runs that hold a slot of a queue, oldest first. */
export async function listSlotHolders(
  db: Db,
  of: { readonly queueId: string; readonly states: readonly ("PENDING" | "RUNNING" | "CANCELLING")[] },
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly FlowRunRow[]> {
  return await flowRunQuery(db)
    .where("flow_run.work_queue_id", "=", of.queueId)
    .where("flow_run.state_type", "in", of.states)
    .orderBy("flow_run.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}
