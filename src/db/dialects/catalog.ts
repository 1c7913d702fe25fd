import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "./dialect.ts";

/** Whether the database has a table of this name, in the schema where new tables go. */
export async function hasTable(db: Db, name: string): Promise<boolean> {
  const query =
    dialectOf(db).name === "sqlite"
      ? sql<{ found: number }>`select count(*) as found from sqlite_master where type = 'table' and name = ${name}`
      : sql<{
          found: number;
        }>`select count(*) as found from pg_tables where schemaname = current_schema() and tablename = ${name}`;
  const { rows } = await query.execute(db);
  return rows[0]?.found === 1;
}

/** Any number no other program is likely to use. */
const SCHEMA_LOCK = 7_733_331;

/** Makes other processes that change the schema wait until this transaction ends. SQLite's writers already do. */
export async function lockSchema(tx: Db): Promise<void> {
  if (dialectOf(tx).rowLocks) await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(tx);
}
