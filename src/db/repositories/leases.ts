import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf, jsonHasAny } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";

/** A claim to slots of some concurrency limits. */
export interface Lease {
  readonly id: string;
  readonly created: Timestamp;
  readonly limitIds: readonly string[];
  /** Slots taken of each limit. */
  readonly slots: number;
  readonly holder: { readonly type: string; readonly id: string } | null;
  readonly expires: Timestamp;
}

export async function insertLease(db: Db, lease: Lease): Promise<void> {
  const { timestamp } = dialectOf(db);
  const created = timestamp(lease.created);
  await db
    .insertInto("prefect_ts_lease")
    .values({
      id: lease.id,
      created,
      updated: created,
      limit_ids: JSON.stringify(lease.limitIds),
      slots: lease.slots,
      holder_type: lease.holder?.type ?? null,
      holder_id: lease.holder?.id ?? null,
      expires: timestamp(lease.expires),
    })
    .execute();
}

export async function hasLease(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom("prefect_ts_lease").select("id").where("id", "=", id).executeTakeFirst();
  return row !== undefined;
}

/** Returns false when no lease has that id; an expired one that is still there is renewed. */
export async function renewLease(
  db: Db,
  id: string,
  times: { readonly now: Timestamp; readonly expires: Timestamp },
): Promise<boolean> {
  const { timestamp } = dialectOf(db);
  const result = await db
    .updateTable("prefect_ts_lease")
    .set({ expires: timestamp(times.expires), updated: timestamp(times.now) })
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Removes a lease and gives it; of several callers only one gets it. With `expiredBy` only if it has expired by then. */
export async function deleteLease(db: Db, id: string, expiredBy?: Timestamp): Promise<Lease | undefined> {
  const query = db.deleteFrom("prefect_ts_lease").where("id", "=", id);
  const due = expiredBy === undefined ? query : query.where("expires", "<", dialectOf(db).timestamp(expiredBy));
  const row = await due.returningAll().executeTakeFirst();
  return row && leaseOf(row);
}

/** Ids of leases that expired before `now`, the longest expired first. */
export async function listExpiredLeaseIds(db: Db, now: Timestamp, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("prefect_ts_lease")
    .select("id")
    .where("expires", "<", dialectOf(db).timestamp(now))
    .orderBy("expires")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** What a run holds, whatever the limits. */
export async function listLeasesOfHolder(db: Db, holderId: string): Promise<readonly Lease[]> {
  const rows = await db.selectFrom("prefect_ts_lease").selectAll().where("holder_id", "=", holderId).execute();
  return rows.map(leaseOf);
}

/** Every lease over any of these limits, oldest first. */
export async function listLeasesOfLimits(db: Db, limitIds: readonly string[]): Promise<readonly Lease[]> {
  if (limitIds.length === 0) return [];
  const rows = await db
    .selectFrom("prefect_ts_lease")
    .selectAll()
    .where(jsonHasAny(dialectOf(db), column("prefect_ts_lease.limit_ids"), limitIds))
    .orderBy("created")
    .orderBy("id")
    .execute();
  return rows.map(leaseOf);
}

export async function deleteLeases(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const wanted = isOneOf(dialectOf(db), column("prefect_ts_lease.id"), { of: ids, type: "uuid" });
  await db.deleteFrom("prefect_ts_lease").where(wanted).execute();
}

function leaseOf(row: Row<"prefect_ts_lease">): Lease {
  const { id, created, slots, holder_type: type, holder_id, expires } = row;
  const limitIds = parseJson(row.limit_ids) as string[];
  const holder = type === null || holder_id === null ? null : { type, id: holder_id };
  return { id, created, limitIds, slots, holder, expires };
}
