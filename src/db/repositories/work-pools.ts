import type { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { always, isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchWorkPool } from "../filters/work-pool.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

export type WorkPoolRow = Row<"work_pool">;

const readByName = prepare<{ name: string }, WorkPoolRow>("read_work_pool_by_name", (db, value) =>
  db.selectFrom("work_pool").selectAll().where("name", "=", value("name")),
);

export async function findWorkPool(db: Db, name: string): Promise<WorkPoolRow | undefined> {
  const rows = await readByName(db, { name });
  return rows[0];
}

export async function findWorkPoolById(db: Db, id: string): Promise<WorkPoolRow | undefined> {
  return await db.selectFrom("work_pool").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Returns undefined, and writes nothing, when a pool has that name. */
export async function insertWorkPool(db: Db, pool: NewRow<"work_pool">): Promise<WorkPoolRow | undefined> {
  return await db
    .insertInto("work_pool")
    .values(pool)
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Returns undefined when no pool has that id. */
export async function updateWorkPool(
  db: Db,
  id: string,
  changes: RowChanges<"work_pool">,
): Promise<WorkPoolRow | undefined> {
  return await db.updateTable("work_pool").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
}

/** Deletes the pool with its queues and workers; runs and deployments lose their queue. */
export async function deleteWorkPool(db: Db, id: string): Promise<void> {
  // The pool keeps its default queue from being deleted.
  await db.updateTable("work_pool").set({ default_queue_id: null }).where("id", "=", id).execute();
  await db.deleteFrom("work_pool").where("id", "=", id).execute();
}

type Filter = WorkPoolFilter | null | undefined;

/** Pools that match, by name. */
export async function listWorkPools(
  db: Db,
  filter: Filter,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly WorkPoolRow[]> {
  return await db
    .selectFrom("work_pool")
    .selectAll()
    .where(filter ? matchWorkPool(dialectOf(db), filter) : always)
    .orderBy("work_pool.name")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countWorkPools(db: Db, filter: Filter): Promise<number> {
  const row = await db
    .selectFrom("work_pool")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(filter ? matchWorkPool(dialectOf(db), filter) : always)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Runs in PENDING or RUNNING by pool; pools without any are left out. */
export async function countPoolSlots(db: Db, poolIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (poolIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("flow_run")
    .innerJoin("work_queue", "work_queue.id", "flow_run.work_queue_id")
    .select((eb) => ["work_queue.work_pool_id as id", eb.fn.countAll<number>().as("count")])
    .where(isOneOf(dialectOf(db), column("work_queue.work_pool_id"), { of: poolIds, type: "uuid" }))
    .where("flow_run.state_type", "in", ["PENDING", "RUNNING"])
    .groupBy("work_queue.work_pool_id")
    .execute();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}

/** Locks READY pools that have no ONLINE worker; those that somebody else has locked are left out. */
export async function lockPoolsWithoutWorkers(tx: Db, limit: number): Promise<readonly WorkPoolRow[]> {
  const query = tx
    .selectFrom("work_pool")
    .selectAll()
    .where("work_pool.status", "=", "READY")
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("worker")
            .select("worker.id")
            .whereRef("worker.work_pool_id", "=", "work_pool.id")
            .where("worker.status", "=", "ONLINE"),
        ),
      ),
    )
    .orderBy("work_pool.id")
    .limit(limit);
  return await (dialectOf(tx).rowLocks ? query.forUpdate().skipLocked() : query).execute();
}
