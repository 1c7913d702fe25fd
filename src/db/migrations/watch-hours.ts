import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { changeSchema } from "./change-schema.ts";
import { type HourWatch, hourWatches } from "./hour-count-triggers.ts";

/**
 * Makes the triggers that tell which hours have changed, where one is missing. What has been counted may be wrong then,
 * and is forgotten: migrations of the reference that copy a table on SQLite lose its triggers.
 */
export async function watchHours(database: Database): Promise<void> {
  for (const watch of hourWatches(database.dialect.name)) {
    if (await isWatched(database.read, watch)) continue;
    // Table by table: a transaction that locks several could wait for a writer that waits for it.
    await changeSchema(database, async (tx) => {
      await remove(tx, watch);
      for (const statement of Object.values(watch.functions)) await sql.raw(statement).execute(tx);
      for (const statement of Object.values(watch.triggers)) await sql.raw(statement).execute(tx);
      await tx.deleteFrom("prefect_ts_hour_count").where("subject", "in", watch.subjects).execute();
    });
  }
}

export async function areHoursWatched({ dialect, read }: Database): Promise<boolean> {
  for (const watch of hourWatches(dialect.name)) if (!(await isWatched(read, watch))) return false;
  return true;
}

/** Removes the triggers of one table after the other. */
export async function unwatchHours(database: Database): Promise<void> {
  for (const watch of hourWatches(database.dialect.name)) await changeSchema(database, (tx) => remove(tx, watch));
}

async function isWatched(db: Db, { table, triggers }: HourWatch): Promise<boolean> {
  const query =
    dialectOf(db).name === "sqlite"
      ? sql<{ name: string }>`select name from sqlite_master where type = 'trigger' and tbl_name = ${table}`
      : sql<{ name: string }>`select tgname as name from pg_trigger where tgrelid = to_regclass(${table})`;
  const found = new Set((await query.execute(db)).rows.map(({ name }) => name));
  return Object.keys(triggers).every((name) => found.has(name));
}

async function remove(tx: Db, { table, triggers, functions }: HourWatch): Promise<void> {
  const on = dialectOf(tx).name === "sqlite" ? sql`` : sql` on ${sql.id(table)}`;
  for (const name of Object.keys(triggers)) await sql`drop trigger if exists ${sql.id(name)}${on}`.execute(tx);
  for (const name of Object.keys(functions)) await sql`drop function if exists ${sql.id(name)}()`.execute(tx);
}
