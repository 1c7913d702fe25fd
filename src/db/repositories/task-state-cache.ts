import type { Db } from "../database.ts";
import { prepare } from "../prepared.ts";
import type { NewRow } from "../tables.ts";
import type { TaskRunStateRow } from "./run-states.ts";

const readCached = prepare<{ cache_key: string; now: string }, TaskRunStateRow>("read_cached_state", (db, value) =>
  db
    .selectFrom("task_run_state_cache as cache")
    .innerJoin("task_run_state as state", "state.id", "cache.task_run_state_id")
    .leftJoin("artifact as result", "result.id", "state.result_artifact_id")
    .selectAll("state")
    .select("result.data as result_data")
    .where("cache.cache_key", "=", value("cache_key"))
    .where(({ or, eb }) =>
      or([eb("cache.cache_expiration", "is", null), eb("cache.cache_expiration", ">", value("now"))]),
    )
    .orderBy("cache.created", "desc")
    .limit(1),
);

/** The state most recently stored under a key and not expired at `now` (in the database's form). */
export async function findCachedState(
  db: Db,
  at: { readonly cache_key: string; readonly now: string },
): Promise<TaskRunStateRow | undefined> {
  const rows = await readCached(db, at);
  return rows[0];
}

/** Newer entries of a key win over older ones. */
export async function insertCachedState(db: Db, entry: NewRow<"task_run_state_cache">): Promise<void> {
  await db.insertInto("task_run_state_cache").values(entry).execute();
}
