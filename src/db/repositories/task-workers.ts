import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { jsonHasAny } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";

/** Notes that somebody serves task keys. `id` is taken when nobody of that name was there. */
export async function observeTaskWorker(
  db: Db,
  worker: {
    readonly id: string;
    readonly identifier: string;
    readonly taskKeys: readonly string[];
    readonly now: Timestamp;
  },
): Promise<void> {
  const now = dialectOf(db).timestamp(worker.now);
  const changes = { task_keys: JSON.stringify(worker.taskKeys), seen: now, updated: now };
  await db
    .insertInto("prefect_ts_task_worker")
    .values({ id: worker.id, created: now, identifier: worker.identifier, ...changes })
    .onConflict((conflict) => conflict.column("identifier").doUpdateSet(changes))
    .execute();
}

export async function forgetTaskWorker(db: Db, identifier: string): Promise<void> {
  await db.deleteFrom("prefect_ts_task_worker").where("identifier", "=", identifier).execute();
}

/** Forgets those who have not been seen for long. */
export async function forgetTaskWorkersBefore(db: Db, seen: Timestamp): Promise<void> {
  await db.deleteFrom("prefect_ts_task_worker").where("seen", "<", dialectOf(db).timestamp(seen)).execute();
}

/** Those seen since a time; with `taskKeys` only those who serve one of them. At most 1000. */
export async function listTaskWorkers(
  db: Db,
  seenSince: Timestamp,
  taskKeys?: readonly string[],
): Promise<readonly Row<"prefect_ts_task_worker">[]> {
  const dialect = dialectOf(db);
  let query = db.selectFrom("prefect_ts_task_worker").selectAll().where("seen", ">=", dialect.timestamp(seenSince));
  if (taskKeys) query = query.where(jsonHasAny(dialect, column("prefect_ts_task_worker.task_keys"), taskKeys));
  return query.orderBy("identifier").limit(1000).execute();
}
