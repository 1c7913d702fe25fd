import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row, RowChanges, Tables } from "../tables.ts";

const TABLE = "prefect_ts_worker_cleanup";
type Builder = ExpressionBuilder<Tables, typeof TABLE>;

export type WorkerCleanupRow = Row<typeof TABLE>;

/** Returns false, and writes nothing, when the pool has, or had, a message of that key. */
export async function insertWorkerCleanup(db: Db, message: NewRow<typeof TABLE>): Promise<boolean> {
  const rows = await db
    .insertInto(TABLE)
    .values(message)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Those of the pools in which a message waits, or has a reservation that has run out. */
export async function listPoolsToCleanUp(db: Db, poolIds: readonly string[], now: Timestamp): Promise<string[]> {
  const rows = await db
    .selectFrom(TABLE)
    .select("work_pool_id")
    .distinct()
    .where(isOneOf(dialectOf(db), column(`${TABLE}.work_pool_id`), { of: poolIds, type: "uuid" }))
    .where("finished", "is", null)
    .where((eb) => eb.or([eb("lease_expires", "is", null), eb("lease_expires", "<=", dialectOf(db).timestamp(now))]))
    .execute();
  return rows.map((row) => row.work_pool_id);
}

export interface CleanupCriteria {
  readonly poolId: string;
  readonly kinds: readonly string[];
  /** Of any queue, or of none, when absent. */
  readonly queueIds?: readonly string[] | undefined;
}

/** The message that has waited longest; locked until the transaction ends. */
export async function lockNextWorkerCleanup(db: Db, criteria: CleanupCriteria): Promise<WorkerCleanupRow | undefined> {
  const dialect = dialectOf(db);
  const { poolId, kinds, queueIds } = criteria;
  let query = db
    .selectFrom(TABLE)
    .selectAll()
    .where("work_pool_id", "=", poolId)
    .where("finished", "is", null)
    .where("lease_expires", "is", null)
    .where(isOneOf(dialect, column(`${TABLE}.kind`), { of: kinds, type: "text" }));
  if (queueIds) query = query.where(isOneOf(dialect, column(`${TABLE}.work_queue_id`), { of: queueIds, type: "uuid" }));
  query = query.orderBy("created").orderBy("id").limit(1);
  return await (dialect.rowLocks ? query.forUpdate().skipLocked() : query).executeTakeFirst();
}

/** Locks a message until the transaction ends. */
export async function lockWorkerCleanup(db: Db, id: string): Promise<WorkerCleanupRow | undefined> {
  const query = db.selectFrom(TABLE).selectAll().where("id", "=", id);
  return await (dialectOf(db).rowLocks ? query.forUpdate() : query).executeTakeFirst();
}

/** How many messages somebody holds whose reservations have not run out. */
export async function countReservations(
  db: Db,
  holder: { readonly poolId: string; readonly consumerId: string; readonly now: Timestamp },
): Promise<number> {
  const row = await db
    .selectFrom(TABLE)
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("work_pool_id", "=", holder.poolId)
    .where("finished", "is", null)
    .where("reserved_by", "=", holder.consumerId)
    .where("lease_expires", ">", dialectOf(db).timestamp(holder.now))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function updateWorkerCleanup(db: Db, id: string, changes: RowChanges<typeof TABLE>): Promise<void> {
  await db.updateTable(TABLE).set(changes).where("id", "=", id).execute();
}

/** Messages whose reservations have run out, the longest first, locked until the transaction ends. */
export async function lockExpiredCleanups(
  db: Db,
  expired: { readonly now: Timestamp; readonly limit: number; readonly poolId?: string | undefined },
): Promise<readonly WorkerCleanupRow[]> {
  const { now, limit, poolId } = expired;
  const inPool = (eb: Builder): Expression<SqlBool> =>
    poolId === undefined ? sql<SqlBool>`true` : eb("work_pool_id", "=", poolId);
  const query = db
    .selectFrom(TABLE)
    .selectAll()
    .where("finished", "is", null)
    .where("lease_expires", "<=", dialectOf(db).timestamp(now))
    .where(inPool)
    .orderBy("lease_expires")
    .limit(limit);
  return await (dialectOf(db).rowLocks ? query.forUpdate().skipLocked() : query).execute();
}

/** Forgets messages that were done or given up before a time; gives how many. */
export async function deleteFinishedCleanups(db: Db, before: Timestamp, limit: number): Promise<number> {
  const old = db
    .selectFrom(TABLE)
    .select("id")
    .where("finished", "<", dialectOf(db).timestamp(before))
    .orderBy("finished")
    .limit(limit);
  const rows = await db.deleteFrom(TABLE).where("id", "in", old).returning("id").execute();
  return rows.length;
}
