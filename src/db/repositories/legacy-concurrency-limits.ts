import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";

/** A limit on a tag from before there were limits by name; nothing makes new ones. */
export interface LegacyConcurrencyLimit {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly tag: string;
  readonly concurrency_limit: number;
  /** The task runs that hold its slots. */
  readonly active_slots: readonly string[];
}

/** Locks the limits on these tags, in the order of the tags. */
export async function lockLegacyLimits(db: Db, tags: readonly string[]): Promise<readonly LegacyConcurrencyLimit[]> {
  if (tags.length === 0) return [];
  const dialect = dialectOf(db);
  const wanted = isOneOf(dialect, column("concurrency_limit.tag"), { of: tags, type: "text" });
  const query = db.selectFrom("concurrency_limit").selectAll().where(wanted).orderBy("tag");
  const rows = await (dialect.rowLocks ? query.forUpdate() : query).execute();
  return rows.map(limitOf);
}

export async function findLegacyLimit(
  db: Db,
  key: { readonly id: string } | { readonly tag: string },
): Promise<LegacyConcurrencyLimit | undefined> {
  const query = db.selectFrom("concurrency_limit").selectAll();
  const wanted = "id" in key ? query.where("id", "=", key.id) : query.where("tag", "=", key.tag);
  const row = await wanted.executeTakeFirst();
  return row && limitOf(row);
}

/** By tag. */
export async function listLegacyLimits(db: Db, limit: number): Promise<readonly LegacyConcurrencyLimit[]> {
  const rows = await db.selectFrom("concurrency_limit").selectAll().orderBy("tag").limit(limit).execute();
  return rows.map(limitOf);
}

export async function updateLegacySlots(
  db: Db,
  id: string,
  slots: { readonly holders: readonly string[]; readonly now: Timestamp },
): Promise<void> {
  await db
    .updateTable("concurrency_limit")
    .set({ active_slots: JSON.stringify(slots.holders), updated: dialectOf(db).timestamp(slots.now) })
    .where("id", "=", id)
    .execute();
}

/** Returns false when no row has that id. */
export async function deleteLegacyLimit(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("concurrency_limit").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function limitOf(row: Row<"concurrency_limit">): LegacyConcurrencyLimit {
  return { ...row, active_slots: parseJson(row.active_slots) as string[] };
}
