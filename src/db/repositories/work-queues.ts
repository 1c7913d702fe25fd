import type { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { always, isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchWorkQueue } from "../filters/work-pool.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

function selectQueues(db: Db) {
  return db
    .selectFrom("work_queue")
    .innerJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("work_queue")
    .select(["work_pool.name as work_pool_name", "work_pool.type as work_pool_type"]);
}

/** A work queue with the name and type of its pool. */
export type WorkQueueRow = Row<"work_queue"> & { readonly work_pool_name: string; readonly work_pool_type: string };

export async function findWorkQueue(db: Db, id: string): Promise<WorkQueueRow | undefined> {
  return await selectQueues(db).where("work_queue.id", "=", id).executeTakeFirst();
}

export async function findWorkQueueInPool(
  db: Db,
  names: { readonly pool: string; readonly queue: string },
): Promise<WorkQueueRow | undefined> {
  return await selectQueues(db)
    .where("work_pool.name", "=", names.pool)
    .where("work_queue.name", "=", names.queue)
    .executeTakeFirst();
}

/** Any queue of that name, whatever its pool. */
export async function findWorkQueueByName(db: Db, name: string): Promise<WorkQueueRow | undefined> {
  return await selectQueues(db).where("work_queue.name", "=", name).executeTakeFirst();
}

/** Returns false, and writes nothing, when the pool has a queue of that name. */
export async function insertWorkQueue(db: Db, queue: NewRow<"work_queue">): Promise<boolean> {
  const rows = await db
    .insertInto("work_queue")
    .values(queue)
    .onConflict((conflict) => conflict.columns(["work_pool_id", "name"]).doNothing())
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Returns false when no queue has that id. */
export async function updateWorkQueue(db: Db, id: string, changes: RowChanges<"work_queue">): Promise<boolean> {
  const rows = await db.updateTable("work_queue").set(changes).where("id", "=", id).returning("id").execute();
  return rows.length === 1;
}

export async function updateWorkQueues(
  db: Db,
  ids: readonly string[],
  changes: RowChanges<"work_queue">,
): Promise<void> {
  if (ids.length === 0) return;
  const wanted = isOneOf(dialectOf(db), column("work_queue.id"), { of: ids, type: "uuid" });
  await db.updateTable("work_queue").set(changes).where(wanted).execute();
}

export async function deleteWorkQueue(db: Db, id: string): Promise<void> {
  await db.deleteFrom("work_queue").where("id", "=", id).execute();
}

interface Listing {
  /** Of any pool when absent. */
  readonly poolId?: string;
  readonly filter?: WorkQueueFilter | null | undefined;
  readonly order: "name" | "priority";
  readonly limit: number;
  readonly offset: number;
}

export async function listWorkQueues(db: Db, listing: Listing): Promise<readonly WorkQueueRow[]> {
  let query = selectQueues(db).where(listing.filter ? matchWorkQueue(dialectOf(db), listing.filter) : always);
  if (listing.poolId !== undefined) query = query.where("work_queue.work_pool_id", "=", listing.poolId);
  return await query
    .orderBy(listing.order === "name" ? "work_queue.name" : "work_queue.priority")
    .orderBy("work_queue.id")
    .limit(listing.limit)
    .offset(listing.offset)
    .execute();
}

export async function countWorkQueues(db: Db, poolId: string): Promise<number> {
  const row = await db
    .selectFrom("work_queue")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("work_pool_id", "=", poolId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Ids and priorities of all queues of a pool, the first to be served first. */
export async function listPriorities(
  db: Db,
  poolId: string,
): Promise<readonly Pick<WorkQueueRow, "id" | "priority">[]> {
  return await db
    .selectFrom("work_queue")
    .select(["id", "priority"])
    .where("work_pool_id", "=", poolId)
    .orderBy("priority")
    .orderBy("created")
    .execute();
}

export type SlotState = "PENDING" | "RUNNING" | "CANCELLING";

/** Runs in these states by queue; queues without any are left out. */
export async function countQueueSlots(
  db: Db,
  queueIds: readonly string[],
  states: readonly SlotState[],
): Promise<ReadonlyMap<string, number>> {
  if (queueIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("flow_run")
    .select((eb) => ["work_queue_id as id", eb.fn.countAll<number>().as("count")])
    .where(isOneOf(dialectOf(db), column("flow_run.work_queue_id"), { of: queueIds, type: "uuid" }))
    .where("state_type", "in", states)
    .groupBy("work_queue_id")
    .execute();
  return new Map(rows.map(({ id, count }) => [id ?? "", Number(count)]));
}

/** Runs named Late on this queue. */
export async function countLateRuns(db: Db, queueId: string): Promise<number> {
  const row = await db
    .selectFrom("flow_run")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("work_queue_id", "=", queueId)
    .where("state_name", "=", "Late")
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Locks READY queues last polled before `before` (database form); those that somebody else has locked are left out. */
export async function lockUnpolledQueues(tx: Db, before: string, limit: number): Promise<readonly WorkQueueRow[]> {
  const query = selectQueues(tx)
    .where("work_queue.status", "=", "READY")
    .where("work_queue.last_polled", "<", before)
    .orderBy("work_queue.last_polled")
    .limit(limit);
  return await (dialectOf(tx).rowLocks ? query.forUpdate("work_queue").skipLocked() : query).execute();
}
