import type { Db } from "../database.ts";
import type { NewRow, Row } from "../tables.ts";

/** Inserts the search, or gives the one of that name these filters. */
export async function upsertSavedSearch(db: Db, search: NewRow<"saved_search">): Promise<Row<"saved_search">> {
  const { filters, updated } = search;
  return db
    .insertInto("saved_search")
    .values(search)
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ filters, updated }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findSavedSearch(db: Db, id: string): Promise<Row<"saved_search"> | undefined> {
  return db.selectFrom("saved_search").selectAll().where("id", "=", id).executeTakeFirst();
}

/** By name. */
export async function listSavedSearches(
  db: Db,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<readonly Row<"saved_search">[]> {
  return db.selectFrom("saved_search").selectAll().orderBy("name").limit(limit).offset(offset).execute();
}

/** Returns false when no row has that id. */
export async function deleteSavedSearch(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("saved_search").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
