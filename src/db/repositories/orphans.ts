import { sql } from "kysely";
import type { Db } from "../database.ts";

/** A flow run that logs or artifacts name. */
export interface NamedFlowRun {
  readonly id: string;
  /** False when there is no such run any more. */
  readonly isThere: boolean;
}

interface Page {
  readonly afterId: string;
  readonly limit: number;
}

/**
 * The flow runs that the rows of a table name, by id, greater than `afterId`. Each is found by one step in an index,
 * however many rows name it.
 */
export async function listNamedFlowRuns(
  db: Db,
  table: "log" | "artifact",
  { afterId, limit }: Page,
): Promise<readonly NamedFlowRun[]> {
  const rows = sql.table(table);
  const found = await sql<{ id: string; is_there: boolean | number }>`
    with recursive named (id, place) as (
      select id, 1 from (
        select flow_run_id as id from ${rows} where flow_run_id > ${afterId} order by flow_run_id limit 1) as first
      union all
      select (select flow_run_id from ${rows} where flow_run_id > named.id order by flow_run_id limit 1), named.place + 1
      from named where named.id is not null and named.place < ${limit})
    select id, exists (select 1 from flow_run where flow_run.id = named.id) as is_there
    from named where id is not null order by id`.execute(db);
  return found.rows.map(({ id, is_there }) => ({ id, isThere: Boolean(is_there) }));
}

/** Collections whose newest artifact is gone. */
export async function listStaleCollections(
  db: Db,
  limit: number,
): Promise<readonly { readonly key: string; readonly latest_id: string }[]> {
  return await db
    .selectFrom("artifact_collection")
    .select(["key", "latest_id"])
    .where(sql<boolean>`not exists (select 1 from artifact where artifact.id = artifact_collection.latest_id)`)
    .limit(limit)
    .execute();
}

/** The keys that artifacts have, greater than `after`. */
export async function listArtifactKeys(
  db: Db,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const query = db.selectFrom("artifact_collection").select("key").where("key", ">", page.after);
  const rows = await query.orderBy("key").limit(page.limit).execute();
  return rows.map(({ key }) => key);
}
