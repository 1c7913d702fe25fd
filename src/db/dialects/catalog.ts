import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "./dialect.ts";

const isSqlite = (db: Db) => dialectOf(db).name === "sqlite";

async function isFound(db: Db, query: ReturnType<typeof sql<{ found: number }>>): Promise<boolean> {
  const { rows } = await query.execute(db);
  return Number(rows[0]?.found ?? 0) > 0;
}

/** Whether the database has a table of this name, in the schema where new tables go. */
export function hasTable(db: Db, name: string): Promise<boolean> {
  return isFound(
    db,
    isSqlite(db)
      ? sql`select count(*) as found from sqlite_master where type = 'table' and name = ${name}`
      : sql`select count(*) as found from pg_tables where schemaname = current_schema() and tablename = ${name}`,
  );
}

export function hasColumn(db: Db, table: string, column: string): Promise<boolean> {
  return isFound(
    db,
    isSqlite(db)
      ? sql`select count(*) as found from pragma_table_info(${table}) where name = ${column}`
      : sql`select count(*) as found from information_schema.columns
            where table_schema = current_schema() and table_name = ${table} and column_name = ${column}`,
  );
}

/** Whether a table of PostgreSQL has a constraint of this name. */
export function hasConstraint(db: Db, table: string, name: string): Promise<boolean> {
  return isFound(
    db,
    sql`select count(*) as found from pg_constraint where conrelid = to_regclass(${table}) and conname = ${name}`,
  );
}

/** An index that no constraint needs. */
export interface FoundIndex {
  readonly table: string;
  readonly name: string;
  /** The statement that makes it. */
  readonly sql: string;
  /** False for what a build that was cut off has left behind. */
  readonly isValid: boolean;
}

export async function listIndexes(db: Db): Promise<readonly FoundIndex[]> {
  const { rows } = await (isSqlite(db)
    ? sql<Found>`select tbl_name as "table", name, sql, 1 as valid from sqlite_master where type = 'index' and sql is not null`
    : sql<Found>`
        select t.relname as "table", c.relname as name, pg_get_indexdef(c.oid) as sql, i.indisvalid as valid
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
          join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema()
          and not exists (select 1 from pg_constraint k where k.conindid = c.oid)`
  ).execute(db);
  return rows.map(({ table, name, sql: text, valid }) => ({ table, name, sql: text, isValid: Boolean(valid) }));
}

interface Found {
  readonly table: string;
  readonly name: string;
  readonly sql: string;
  readonly valid: boolean | number;
}

const COUNTED_ROWS = 100_000;

/** About how many rows a table has, without going through it; 0 where there is no such table. */
export async function estimateRows(db: Db, table: string): Promise<number> {
  if (!(await hasTable(db, table))) return 0;
  const name = sql.id(table);
  const query = isSqlite(db)
    ? sql<{ rows: number | null }>`select max(rowid) as rows from ${name}`
    : sql<{ rows: number | null }>`select reltuples::bigint as rows from pg_class where oid = to_regclass(${table})`;
  const estimate = (await query.execute(db)).rows[0]?.rows ?? 0;
  // PostgreSQL says -1 of a table that was never analysed.
  if (estimate >= 0) return estimate;
  const counted = sql<{ rows: number }>`
    select count(*) as rows from (select 1 from ${name} limit ${sql.lit(COUNTED_ROWS)}) as counted`;
  return (await counted.execute(db)).rows[0]?.rows ?? 0;
}

/** Any number no other program is likely to use. */
const SCHEMA_LOCK = 7_733_331;
const LOCK_PAUSE_MS = 50;

/**
 * Makes other processes that change the schema wait until this transaction ends. SQLite's writers already do. It asks
 * again and again: a statement that waits would be waited for by the one that builds an index concurrently.
 */
export async function lockSchema(tx: Db): Promise<void> {
  if (!dialectOf(tx).rowLocks) return;
  const query = sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)}) as taken`;
  while (!(await query.execute(tx)).rows[0]?.taken) await delay(LOCK_PAUSE_MS);
}
