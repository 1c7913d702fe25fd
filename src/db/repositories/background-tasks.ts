import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

/** Lets a task run wait for whoever serves its key; one that waits already waits anew. */
export async function enqueueBackgroundTask(
  db: Db,
  task: {
    readonly taskRunId: string;
    readonly taskKey: string;
    readonly queue: "scheduled" | "retry";
    readonly now: Timestamp;
  },
): Promise<void> {
  const now = dialectOf(db).timestamp(task.now);
  const changes = { task_key: task.taskKey, is_retry: task.queue === "retry", available: now, updated: now };
  await db
    .insertInto("prefect_ts_background_task")
    .values({ id: task.taskRunId, created: now, ...changes })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(changes))
    .execute();
}

function selectAvailable(db: Db, taskKeys: readonly string[], now: Timestamp) {
  const dialect = dialectOf(db);
  const keys = { of: taskKeys, type: "text" } as const;
  return db
    .selectFrom("prefect_ts_background_task")
    .select("id")
    .where(isOneOf(dialect, column("prefect_ts_background_task.task_key"), keys))
    .where("available", "<=", dialect.timestamp(now))
    .orderBy("is_retry", "desc")
    .orderBy("created")
    .orderBy("id")
    .limit(1);
}

/** Whether somebody who serves `taskKeys` could be given a task. */
export async function hasBackgroundTask(db: Db, taskKeys: readonly string[], now: Timestamp): Promise<boolean> {
  const row = await selectAvailable(db, taskKeys, now).executeTakeFirst();
  return row !== undefined;
}

/** Takes the task that is next, retries first, until the time given; gives its task run's id. */
export async function claimBackgroundTask(
  db: Db,
  taskKeys: readonly string[],
  times: { readonly now: Timestamp; readonly until: Timestamp },
): Promise<string | undefined> {
  const query = selectAvailable(db, taskKeys, times.now);
  const row = await (dialectOf(db).rowLocks ? query.forUpdate().skipLocked() : query).executeTakeFirst();
  if (!row) return undefined;
  const { timestamp } = dialectOf(db);
  await db
    .updateTable("prefect_ts_background_task")
    .set({ available: timestamp(times.until), updated: timestamp(times.now) })
    .where("id", "=", row.id)
    .execute();
  return row.id;
}

/** A claim lasts until its time, or until it is renewed, given back or settled; a claim that has run out is nobody's. */
export interface Claim {
  readonly taskRunId: string;
  readonly until: Timestamp;
}

/** Returns false when the claim is no longer held. */
export async function renewClaim(db: Db, claim: Claim, until: Timestamp): Promise<boolean> {
  const result = await held(db, claim)
    .set({ available: dialectOf(db).timestamp(until) })
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The next one who asks is given the task, ahead of others. */
export async function giveBackClaim(db: Db, claim: Claim, now: Timestamp): Promise<void> {
  await held(db, claim)
    .set({ available: dialectOf(db).timestamp(now), is_retry: true })
    .execute();
}

function held(db: Db, { taskRunId, until }: Claim) {
  return db
    .updateTable("prefect_ts_background_task")
    .where("id", "=", taskRunId)
    .where("available", "=", dialectOf(db).timestamp(until));
}

/** The task has been taken over, or has become obsolete. */
export async function settleClaim(db: Db, { taskRunId, until }: Claim): Promise<void> {
  await db
    .deleteFrom("prefect_ts_background_task")
    .where("id", "=", taskRunId)
    .where("available", "=", dialectOf(db).timestamp(until))
    .execute();
}
