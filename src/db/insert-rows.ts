import type { Db } from "./database.ts";
import { dialectOf } from "./dialects/dialect.ts";
import { type PreparedQuery, prepare } from "./prepared.ts";
import type { Tables } from "./tables.ts";

/** PostgreSQL takes at most 65,535 parameters in a statement. */
const MAX_PARAMETERS = 30_000;

type Row = Readonly<Record<string, unknown>>;

/** How to insert into one table: the same columns every time. */
export interface PreparedInsert {
  readonly table: keyof Tables & string;
  readonly columns: readonly string[];
  readonly one: PreparedQuery<Row, { id: string }>;
}

/** Declares an insert that leaves a row of a known id as it is and gives the ids it inserted. */
export function preparedInsert<T extends keyof Tables & string>(
  table: T,
  columns: readonly (keyof Tables[T] & string)[],
): PreparedInsert {
  const one = prepare<Row, { id: string }>(`insert_${table}`, (db, value) => {
    const values = Object.fromEntries(columns.map((column) => [column, value(column)]));
    return insertStatement(db, table, [values]);
  });
  return { table, columns, one };
}

function insertStatement(db: Db, table: keyof Tables & string, rows: readonly Row[]) {
  return db
    .insertInto(table)
    .values(rows as never)
    .onConflict((conflict) => conflict.column("id" as never).doNothing())
    .returning("id" as never) as unknown as import("kysely").Compilable<{ id: string }> & {
    execute(): Promise<{ id: string }[]>;
  };
}

/**
 * Inserts rows whose id is not yet there, and gives the ids inserted. A round trip costs more than a longer statement on
 * PostgreSQL, and the reverse holds on SQLite, so the one takes few statements and the other a prepared one per row.
 */
export async function insertRows(db: Db, insert: PreparedInsert, rows: readonly Row[]): Promise<string[]> {
  const ids: string[] = [];
  const single = !dialectOf(db).rowLocks || rows.length === 1;
  if (single) {
    for (const row of rows) for (const { id } of await insert.one(db, row)) ids.push(id);
    return ids;
  }
  const perStatement = Math.floor(MAX_PARAMETERS / insert.columns.length);
  for (let at = 0; at < rows.length; at += perStatement) {
    const inserted = await insertStatement(db, insert.table, rows.slice(at, at + perStatement)).execute();
    for (const { id } of inserted) ids.push(id);
  }
  return ids;
}
