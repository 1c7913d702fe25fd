import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { manyRows } from "../dialects/many-rows.ts";
import { prepare } from "../prepared.ts";
import type { Row } from "../tables.ts";

export type RunLeaseRow = Row<"prefect_ts_run_lease">;

/** One heartbeat of a flow run. */
export interface Heartbeat {
  readonly flowRunId: string;
  /** The attempt that sends it, where it says so. */
  readonly runCount: number | null;
}

interface LeaseTimes {
  readonly now: Timestamp;
  readonly expires: Timestamp;
}

/** Renews, or makes, the leases of the runs that are in a process; heartbeats of other runs or attempts change nothing. */
export async function renewRunLeases(db: Db, heartbeats: readonly Heartbeat[], times: LeaseTimes): Promise<void> {
  const { timestamp } = dialectOf(db);
  const [now, expires] = [timestamp(times.now), timestamp(times.expires)];
  const rows = heartbeats.map(({ flowRunId, runCount }) => [flowRunId, runCount, now, expires]);
  await renew(db, Object.fromEntries(manyRows(dialectOf(db)).parameters(rows, 4).entries()));
}

// CROSS JOIN makes SQLite begin with the heartbeats.
const renew = prepare<Readonly<Record<string, unknown>>>(
  "renew_run_leases",
  (db, value) => {
    const types = ["uuid", "integer", "timestamptz", "timestamptz"] as const;
    const heartbeats = manyRows(dialectOf(db)).select(types, (parameter) => value(String(parameter)));
    const query = sql`
      insert into prefect_ts_run_lease (id, created, updated, run_count, last_heartbeat, expires)
      select distinct flow_run.id, c2, c2, flow_run.run_count, c2, c3 from (${heartbeats}) as heartbeat cross join flow_run
      where flow_run.id = c0 and flow_run.state_type in ('RUNNING', 'PAUSED') and (c1 is null or c1 = flow_run.run_count)
      order by flow_run.id
      on conflict (id) do update set updated = excluded.updated, run_count = excluded.run_count,
        last_heartbeat = excluded.last_heartbeat, expires = excluded.expires`;
    return { compile: () => query.compile(db) as never };
  },
  { later: true },
);

const remove = prepare<{ id: string }>(
  "end_run_lease",
  (db, value) => db.deleteFrom("prefect_ts_run_lease").where("id", "=", value("id")),
  { later: true },
);

export async function endRunLease(db: Db, id: string): Promise<void> {
  await remove(db, { id });
}

/** Runs whose leases expired before `now`, the longest expired first. */
export async function listExpiredRunLeases(db: Db, now: Timestamp, limit: number) {
  return await db
    .selectFrom("prefect_ts_run_lease")
    .select("id")
    .where("expires", "<", dialectOf(db).timestamp(now))
    .orderBy("expires")
    .limit(limit)
    .execute();
}

/** Locks a run's lease until the transaction ends, if it expired before `now`. */
export async function lockExpiredRunLease(db: Db, id: string, now: Timestamp): Promise<RunLeaseRow | undefined> {
  const query = db
    .selectFrom("prefect_ts_run_lease")
    .selectAll()
    .where("id", "=", id)
    .where("expires", "<", dialectOf(db).timestamp(now));
  return await (dialectOf(db).rowLocks ? query.forUpdate() : query).executeTakeFirst();
}

/** The lease, or all leases, expire at `expires`, not before. */
export async function postponeRunLeases(db: Db, expires: Timestamp, id?: string): Promise<void> {
  const at = dialectOf(db).timestamp(expires);
  const query = db.updateTable("prefect_ts_run_lease").set({ expires: at }).where("expires", "<", at);
  await (id === undefined ? query : query.where("id", "=", id)).execute();
}
