import { sql } from "kysely";
import { addSeconds, type Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { rowInserter } from "../insert-rows.ts";
import type { EventRow } from "./event-queries.ts";
import type { NewEvent } from "./events.ts";

/** Any number no other program is likely to use. */
const EVALUATION_LOCK = 7_733_332;
const MAX_LOCK_IDLE_MS = 30_000;

const insertQueued = rowInserter(
  "prefect_ts_trigger_queue",
  ["id", "created", "updated", "occurred", "follows", "available"],
  { skipKnown: true },
);

/** Lets events wait for those who evaluate automations. */
export async function queueEvents(db: Db, events: readonly NewEvent[], at: Timestamp): Promise<void> {
  const { timestamp } = dialectOf(db);
  const now = timestamp(at);
  const rows = events.map(({ id, occurred, follows }) => ({
    id,
    created: now,
    updated: now,
    occurred: timestamp(occurred),
    follows,
    available: now,
  }));
  await insertQueued(db, rows);
}

/**
 * Waits until no other process evaluates automations, and keeps them from it until the end of the transaction, or until
 * this process has fallen silent. SQLite's writers already take turns.
 */
export async function lockEvaluation(tx: Db): Promise<void> {
  if (!dialectOf(tx).rowLocks) return;
  await sql`select pg_advisory_xact_lock(${sql.lit(EVALUATION_LOCK)}),
    set_config('idle_in_transaction_session_timeout', ${String(MAX_LOCK_IDLE_MS)}, true)`.execute(tx);
}

/** An event that waits, and when it came to wait. */
export type QueuedEvent = EventRow & { readonly queued: Timestamp };

/** The events that wait, those that occurred first first. */
export async function listQueuedEvents(db: Db, now: Timestamp, limit: number): Promise<readonly QueuedEvent[]> {
  return await db
    .selectFrom("prefect_ts_trigger_queue")
    // A cross join is read from its left side, where the few rows are.
    .crossJoin("events")
    .whereRef("events.id", "=", "prefect_ts_trigger_queue.id")
    .selectAll("events")
    .select("prefect_ts_trigger_queue.created as queued")
    .where("prefect_ts_trigger_queue.available", "<=", dialectOf(db).timestamp(now))
    .orderBy("prefect_ts_trigger_queue.occurred")
    .orderBy("prefect_ts_trigger_queue.id")
    .limit(limit)
    .execute();
}

/** Which of the ids are events that are stored. */
export async function findStoredEvents(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom("events")
    .select("id")
    .where(isOneOf(dialectOf(db), column("events.id"), { of: ids, type: "uuid" }))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Nobody looks at these events before `until`. */
export async function postponeQueuedEvents(db: Db, ids: readonly string[], until: Timestamp): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("prefect_ts_trigger_queue")
    .set({ available: dialectOf(db).timestamp(until) })
    .where(isOneOf(dialectOf(db), column("prefect_ts_trigger_queue.id"), { of: ids, type: "uuid" }))
    .execute();
}

export async function deleteQueuedEvents(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .deleteFrom("prefect_ts_trigger_queue")
    .where(isOneOf(dialectOf(db), column("prefect_ts_trigger_queue.id"), { of: ids, type: "uuid" }))
    .execute();
}

/** Forgets what waits for longer than `maxSeconds` and whose event is gone. */
export async function deleteStaleQueuedEvents(db: Db, now: Timestamp, maxSeconds: number): Promise<void> {
  await db
    .deleteFrom("prefect_ts_trigger_queue")
    .where("created", "<", dialectOf(db).timestamp(addSeconds(now, -maxSeconds)))
    .where("id", "not in", (query) =>
      query.selectFrom("events").select("events.id").whereRef("events.id", "=", "prefect_ts_trigger_queue.id"),
    )
    .execute();
}
