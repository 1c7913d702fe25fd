import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { untilDone } from "./batches.ts";
import type { Migration, Step } from "./step.ts";

const BATCH_ROWS = 100;
const first = sql`(select id from concurrency_limit order by id limit ${sql.lit(BATCH_ROWS)})`;
const isNew = sql`not exists (select 1 from concurrency_limit_v2 v where v.name = 'tag:' || l.tag)`;

const toGlobalLimits: Step = {
  title: "Turn limits of tags into global limits with leases",
  table: "concurrency_limit",
  run: (stage) => untilDone(stage, convertBatch),
};

/** A limit keeps its id; every slot in use becomes a lease of its task run, with no end in sight. */
async function convertBatch(tx: Db): Promise<number> {
  const isSqlite = dialectOf(tx).name === "sqlite";
  const count = isSqlite ? sql`json_array_length(l.active_slots)` : sql`jsonb_array_length(l.active_slots)`;
  await (isSqlite ? leasesOnSqlite : leasesOnPostgres).execute(tx);
  await sql`
    insert into concurrency_limit_v2
      (id, name, "limit", active, active_slots, denied_slots, slot_decay_per_second, avg_slot_occupancy_seconds, created, updated)
    select l.id, 'tag:' || l.tag, l.concurrency_limit, true, ${count}, 0, 0.0, 600.0, l.created, l.updated
    from concurrency_limit l where l.id in ${first} and ${isNew}`.execute(tx);
  const { numAffectedRows = 0n } = await sql`delete from concurrency_limit where id in ${first}`.execute(tx);
  return Number(numAffectedRows);
}

const leasesOnSqlite = sql`
  insert into prefect_ts_lease (limit_ids, slots, holder_type, holder_id, expires)
  select json_array(l.id), 1, 'task_run', s.value, strftime('%Y-%m-%d %H:%M:%f000', 'now', '+36500 days')
  from concurrency_limit l, json_each(l.active_slots) s
  where l.id in ${first} and ${isNew} and length(s.value) = 36`;

const leasesOnPostgres = sql`
  insert into prefect_ts_lease (limit_ids, slots, holder_type, holder_id, expires)
  select jsonb_build_array(l.id), 1, 'task_run', s.holder::uuid, now() + interval '36500 days'
  from concurrency_limit l, jsonb_array_elements_text(l.active_slots) as s(holder)
  where l.id in ${first} and ${isNew} and s.holder ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;

const toTagLimits: Step = {
  title: "Turn global limits of tags back into limits of tags",
  table: "concurrency_limit_v2",
  run: (stage) => untilDone(stage, restoreBatch),
};

const migrated = sql`(select id from concurrency_limit_v2 where name like 'tag:%' order by id limit ${sql.lit(BATCH_ROWS)})`;

async function restoreBatch(tx: Db): Promise<number> {
  const holders =
    dialectOf(tx).name === "sqlite"
      ? sql`(select coalesce(json_group_array(e.holder_id), '[]') from prefect_ts_lease e
             where e.holder_type = 'task_run' and exists (select 1 from json_each(e.limit_ids) i where i.value = v.id))`
      : sql`(select coalesce(jsonb_agg(e.holder_id), '[]') from prefect_ts_lease e
             where e.holder_type = 'task_run' and e.limit_ids @> jsonb_build_array(v.id))`;
  await sql`
    insert into concurrency_limit (id, tag, concurrency_limit, active_slots, created, updated)
    select v.id, substr(v.name, 5), v."limit", ${holders}, v.created, v.updated
    from concurrency_limit_v2 v where v.id in ${migrated}`.execute(tx);
  const { numAffectedRows = 0n } = await sql`delete from concurrency_limit_v2 where id in ${migrated}`.execute(tx);
  return Number(numAffectedRows);
}

export const tagLimitsToGlobalLimits: Migration = {
  title: "Keep limits of tags as global limits",
  revision: { sqlite: "9e83011d1f2a", postgres: "9e83011d1f2a" },
  up: [toGlobalLimits],
  down: [toTagLimits],
};
