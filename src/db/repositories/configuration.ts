import type { Db } from "../database.ts";
import type { Row } from "../tables.ts";

/** One of the values the server keeps about itself; JSON as text. */
export async function findConfiguration(db: Db, key: string): Promise<Row<"configuration"> | undefined> {
  return db.selectFrom("configuration").selectAll().where("key", "=", key).executeTakeFirst();
}

interface Entry {
  readonly id: string;
  readonly key: string;
  /** JSON text. */
  readonly value: string;
  /** In the database's form. */
  readonly now: string;
}

/** Leaves a value that is there as it is. */
export async function insertConfiguration(db: Db, { id, key, value, now }: Entry): Promise<void> {
  await db
    .insertInto("configuration")
    .values({ id, key, value, created: now, updated: now })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
}

/** `id` is taken when there is no value yet, `now` is in the database's form. */
export async function upsertConfiguration(
  db: Db,
  entry: { readonly id: string; readonly key: string; readonly value: string; readonly now: string },
): Promise<void> {
  const { id, key, value, now } = entry;
  await db
    .insertInto("configuration")
    .values({ id, key, value, created: now, updated: now })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value, updated: now }))
    .execute();
}

export async function deleteConfiguration(db: Db, key: string): Promise<void> {
  await db.deleteFrom("configuration").where("key", "=", key).execute();
}
