import { sql } from "kysely";
import type { WorkerFilter } from "../../schemas/filters/worker-filter.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { always, secondsFrom, timestampValue } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchWorker } from "../filters/work-pool.ts";
import type { NewRow, Row } from "../tables.ts";

export type WorkerRow = Row<"worker">;

/** Makes the worker, or notes its heartbeat. An absent interval leaves the known one. */
export async function recordHeartbeat(
  db: Db,
  worker: NewRow<"worker"> & { readonly heartbeat_interval_seconds: number | null },
): Promise<void> {
  const { heartbeat_interval_seconds, last_heartbeat_time, status, updated } = worker;
  const interval = heartbeat_interval_seconds === null ? {} : { heartbeat_interval_seconds };
  await db
    .insertInto("worker")
    .values(worker)
    .onConflict((conflict) =>
      conflict
        .columns(["work_pool_id", "name"])
        .doUpdateSet({ last_heartbeat_time, status: status as "ONLINE", updated, ...interval }),
    )
    .execute();
}

/** Workers of a pool, the last heard of first. */
export async function listWorkers(
  db: Db,
  of: { readonly poolId: string; readonly filter: WorkerFilter | null | undefined },
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly WorkerRow[]> {
  return await db
    .selectFrom("worker")
    .selectAll()
    .where("work_pool_id", "=", of.poolId)
    .where(of.filter ? matchWorker(dialectOf(db), of.filter) : always)
    .orderBy("last_heartbeat_time", "desc")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function hasOnlineWorker(db: Db, poolId: string): Promise<boolean> {
  const row = await db
    .selectFrom("worker")
    .select("id")
    .where("work_pool_id", "=", poolId)
    .where("status", "=", "ONLINE")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns false when the pool has no worker of that name. */
export async function deleteWorker(db: Db, key: { readonly poolId: string; readonly name: string }): Promise<boolean> {
  const rows = await db
    .deleteFrom("worker")
    .where("work_pool_id", "=", key.poolId)
    .where("name", "=", key.name)
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Marks workers OFFLINE that missed `multiple` heartbeats, and gives how many. */
export async function markSilentWorkersOffline(
  db: Db,
  silence: { readonly now: string; readonly multiple: number; readonly fallbackSeconds: number },
): Promise<number> {
  const dialect = dialectOf(db);
  const age = secondsFrom(dialect, column("worker.last_heartbeat_time"), timestampValue(dialect, silence.now));
  const rows = await db
    .updateTable("worker")
    .set({ status: "OFFLINE", updated: dialect.timestamp(silence.now) })
    .where("status", "=", "ONLINE")
    .where(
      sql<boolean>`${age} > coalesce(heartbeat_interval_seconds, ${sql.lit(silence.fallbackSeconds)}) * ${sql.lit(silence.multiple)}`,
    )
    .returning("id")
    .execute();
  return rows.length;
}
