import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf, startsWith } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

export type ConcurrencyLimitRow = Row<"concurrency_limit_v2">;

/** Limits by id or by name. */
export type LimitKeys = { readonly ids: readonly string[] } | { readonly names: readonly string[] };

/** One limit by id or by name. */
export type LimitKey = { readonly id: string } | { readonly name: string };

/** Locks the limits, in the order of their ids, which every writer keeps to. Unknown ones are left out. */
export async function lockConcurrencyLimits(db: Db, keys: LimitKeys): Promise<readonly ConcurrencyLimitRow[]> {
  const isByName = "names" in keys;
  if ((isByName ? keys.names : keys.ids).length === 0) return [];
  const dialect = dialectOf(db);
  const wanted = isByName
    ? isOneOf(dialect, column("concurrency_limit_v2.name"), { of: keys.names, type: "text" })
    : isOneOf(dialect, column("concurrency_limit_v2.id"), { of: keys.ids, type: "uuid" });
  const query = db.selectFrom("concurrency_limit_v2").selectAll().where(wanted).orderBy("id");
  return (dialect.rowLocks ? query.forUpdate() : query).execute();
}

export async function findConcurrencyLimit(db: Db, key: LimitKey): Promise<ConcurrencyLimitRow | undefined> {
  const query = db.selectFrom("concurrency_limit_v2").selectAll();
  const wanted = "id" in key ? query.where("id", "=", key.id) : query.where("name", "=", key.name);
  return wanted.executeTakeFirst();
}

/** By name; with `prefix` only those whose names begin with it. */
export async function listConcurrencyLimits(
  db: Db,
  page: { readonly limit: number; readonly offset: number; readonly prefix?: string },
): Promise<readonly ConcurrencyLimitRow[]> {
  const { prefix } = page;
  const all = db.selectFrom("concurrency_limit_v2").selectAll().orderBy("name");
  const query = prefix ? all.where(startsWith(dialectOf(db), column("concurrency_limit_v2.name"), prefix)) : all;
  return query.limit(page.limit).offset(page.offset).execute();
}

/** The name must be new. */
export async function insertConcurrencyLimit(
  db: Db,
  limit: NewRow<"concurrency_limit_v2">,
): Promise<ConcurrencyLimitRow> {
  return db.insertInto("concurrency_limit_v2").values(limit).returningAll().executeTakeFirstOrThrow();
}

/** Gives the changed row; undefined when no row has that id. */
export async function updateConcurrencyLimit(
  db: Db,
  id: string,
  changes: RowChanges<"concurrency_limit_v2">,
): Promise<ConcurrencyLimitRow | undefined> {
  const query = db.updateTable("concurrency_limit_v2").set(changes).where("id", "=", id);
  return query.returningAll().executeTakeFirst();
}

/** Gives the row that was there. Deployments and queues that pointed to it have no limit then. */
export async function deleteConcurrencyLimit(db: Db, id: string): Promise<ConcurrencyLimitRow | undefined> {
  return db.deleteFrom("concurrency_limit_v2").where("id", "=", id).returningAll().executeTakeFirst();
}
