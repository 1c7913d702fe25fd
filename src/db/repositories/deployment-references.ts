import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row } from "../tables.ts";

export async function hasBlockDocument(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom("block_document").select("id").where("id", "=", id).executeTakeFirst();
  return row !== undefined;
}

export async function hasConcurrencyLimit(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom("concurrency_limit_v2").select("id").where("id", "=", id).executeTakeFirst();
  return row !== undefined;
}

export async function insertDeploymentLimit(
  db: Db,
  limit: Pick<NewRow<"concurrency_limit_v2">, "id" | "created" | "updated" | "name" | "limit">,
): Promise<void> {
  await db
    .insertInto("concurrency_limit_v2")
    .values({
      ...limit,
      active: true,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
      avg_slot_occupancy_seconds: 2,
    })
    .execute();
}

/** `updated` in the database's form. */
export async function resizeLimit(db: Db, id: string, change: { limit: number; updated: string }): Promise<void> {
  await db.updateTable("concurrency_limit_v2").set(change).where("id", "=", id).execute();
}

export async function deleteLimit(db: Db, id: string): Promise<void> {
  await db.deleteFrom("concurrency_limit_v2").where("id", "=", id).execute();
}

/** Values of the variables with these names, as JSON text. */
export async function listVariableValues(
  db: Db,
  names: readonly string[],
): Promise<readonly Pick<Row<"variable">, "name" | "value">[]> {
  if (names.length === 0) return [];
  const wanted = isOneOf(dialectOf(db), column("variable.name"), { of: names, type: "text" });
  return await db.selectFrom("variable").select(["name", "value"]).where(wanted).execute();
}
